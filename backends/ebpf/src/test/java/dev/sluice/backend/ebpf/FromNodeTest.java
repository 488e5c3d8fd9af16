package dev.sluice.backend.ebpf;

import static dev.sluice.backend.ebpf.ProgramCases.*;

import dev.sluice.backend.ebpf.ProgramCases.Case;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.policy.DropReason;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the node's stack sends into a network: forwarded packets, and no socket's of its own. */
class FromNodeTest extends ProgramTable {

  @Override
  protected TestResult run(ProgramBed on, String place, byte[] frame) {
    return on.fromNode(place, frame);
  }

  static List<Case> rows() {
    Ethernet toB = frame(RED, B, WORLD4, A4, udp(9));
    Ethernet toB6 = frame(RED, B, WORLD6, A6, udp(9));
    return List.of(
        redirects("another's MAC, for the node is wrong about a's", "red", toB, to(A, toB)),
        redirects("another's MAC, IPv6", "red", toB6, to(A, toB6)),
        // From outside, and from endpoints whose flows the node has to see.
        passes("a datagram", "red", frame(RED, A, WORLD4, A4, udp(9))),
        passes("a datagram, IPv6", "red", frame(RED, A, WORLD6, A6, udp(9))),
        passes("an echo", "red", frame(RED, A, WORLD4, A4, echo(true))),
        passes("an echo, IPv6", "red", frame(RED, A, WORLD6, A6, echo(false))),
        passes("GRE", "blue", frame(BLUE, C, WORLD4, C4, gre())),
        passes("of a neighbour network", "red", frame(RED, A, C4, A4, udp(9))),
        passes("to what is open to all", "red", frame(RED, S, WORLD4, S4, udp(53))),
        passes("to what is open to all, IPv6", "red", frame(RED, S, WORLD6, S6, udp(53))),
        passes("of who may", "red", frame(RED, S, A4, S4, syn(82))),
        passes("hairpin, by the gateway's address", "red", frame(RED, S, RED4, S4, udp(9))),
        passes("hairpin, IPv6", "red", frame(RED, S, RED6, S6, udp(9))),
        passes("to a link-local address", "red", frame(RED, A, RED_LINK, A_LINK, udp(9))),
        // Policy.
        drops(DropReason.POLICY, "TCP", "red", frame(RED, S, WORLD4, S4, syn(80))),
        drops(DropReason.POLICY, "TCP, IPv6", "red", frame(RED, S, WORLD6, S6, syn(80))),
        drops(DropReason.POLICY, "another port", "red", frame(RED, S, WORLD4, S4, udp(54))),
        drops(DropReason.POLICY, "SCTP", "red", frame(RED, S, A4, S4, Sctp.init(port(), 80, 1))),
        drops(DropReason.POLICY, "an echo", "red", frame(RED, S, WORLD4, S4, echo(true))),
        drops(DropReason.POLICY, "an echo, IPv6", "red", frame(RED, S, WORLD6, S6, echo(false))),
        drops(DropReason.POLICY, "GRE", "red", frame(RED, S, WORLD4, S4, gre())),
        drops(DropReason.POLICY, "of who may not", "red", frame(RED, S, B4, S4, syn(80))),
        drops(DropReason.POLICY, "egress of t", "red", frame(RED, B, T4, B4, udp(9))),
        // Not for who is here.
        drops(DropReason.MISDIRECTED, "nobody's", "red", frame(RED, A, WORLD4, NOBODY4, udp(9))),
        drops(DropReason.MISDIRECTED, "nobody's", "red", frame(RED, A, WORLD6, NOBODY6, udp(9))),
        drops(DropReason.MISDIRECTED, "another network", "red", frame(RED, C, A4, C4, udp(9))),
        drops(
            DropReason.MISDIRECTED, "all", "red", frame(RED, A, WORLD4, ip("10.0.1.255"), udp(9))),
        drops(
            DropReason.MISDIRECTED,
            "another's link-local address",
            "red",
            frame(RED, C, RED_LINK, C_LINK, udp(9))),
        drops(DropReason.MULTICAST, "of all", "red", frame(RED, A, ip("10.0.1.255"), A4, udp(9))),
        // What cannot be read.
        drops(DropReason.ETHERTYPE, "LLDP", "red", other(0x88cc)),
        drops(DropReason.ETHERTYPE, "a VLAN", "red", other(0x8100)),
        drops(
            DropReason.SPOOFED_IP,
            "no IPv4",
            "red",
            frame(RED, A, new Layer3.Opaque(0x800, HEADERLESS))),
        drops(
            DropReason.SPOOFED_IP,
            "no IPv6",
            "red",
            frame(RED, A, new Layer3.Opaque(0x86dd, HEADERLESS))),
        drops(
            DropReason.FRAGMENT_TINY,
            "half a header",
            "red",
            frame(RED, A, WORLD4, A4, new Layer4.Opaque(17, Bytes.ofHex("00350035")))),
        drops(
            DropReason.FRAGMENT_ORPHAN,
            "the end of a datagram",
            "red",
            frame(
                RED,
                A,
                Ipv6.of(WORLD6, A6, new Layer4.Opaque(17, Bytes.ofHex("0000000000000000")))
                    .withExtensions(new ExtensionHeader.Fragment(64, false, 7)))),
        // The node knows its endpoints, and groups are for nobody.
        ignores("who has", "red", frame(RED, Ethernet.BROADCAST, Arp.request(RED, RED4, A4))),
        ignores("who has a", "red", frame(RED, A, Arp.request(RED, RED4, A4))),
        ignores(
            "a solicitation",
            "red",
            frame(
                RED,
                group(Icmpv6.solicitedNode(A6)),
                Ipv6.of(RED6, Icmpv6.solicitedNode(A6), Icmpv6.solicitation(A6, RED)))),
        ignores("to all", "red", frame(RED, Ethernet.BROADCAST, WORLD4, A4, udp(9))));
  }

  private static final Bytes HEADERLESS = Bytes.ofHex("00".repeat(60));

  private static Ethernet other(int etherType) {
    return frame(RED, A, new Layer3.Opaque(etherType, HEADERLESS));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void whatTheNodeSends(Case row) {
    check(row);
  }
}
