package dev.sluice.backend.ebpf;

import static dev.sluice.backend.ebpf.ProgramCases.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.backend.ebpf.ProgramCases.Case;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.policy.DropReason;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What comes in from the wire that network red is on, whose router has the gateway's addresses
 * there; blue is on none. What is for no endpoint stays the node's.
 */
class FromWireTest extends ProgramTable {

  private static final MacAddress ALL = Ethernet.BROADCAST;
  private static final IpAddress BLUE4 = ip("10.0.2.1");
  private static final IpAddress ROUTER_LINK = ip("fe80::77");

  @Override
  protected ProgramBed lay(Node on, Programs programs) {
    String red = "\"fd00:0:0:1::/64\"]";
    String published = "ports: [{port: 80, publish: 8080}]";
    assertThat(TOPOLOGY).contains(red + "}", published);
    return ProgramBed.onWire(
        on,
        programs,
        TOPOLOGY
            .replace(red + "}", red + ", parent: up0, gateway: [10.0.1.1, \"fd00:0:0:1::1\"]}")
            .replace(published, "ports: [{port: 80, name: web}]"));
  }

  @Override
  protected int ignored() {
    return ProgramBed.NEXT;
  }

  @Override
  protected TestResult run(ProgramBed on, String place, byte[] frame) {
    return on.fromWire(place, frame);
  }

  static List<Case> data() {
    return List.of(
        passes("a neighbour's datagram", "up0", of(A, NOBODY4, A4, udp(9))),
        passes("a neighbour's datagram, IPv6", "up0", of(A, NOBODY6, A6, udp(9))),
        passes("of the world", "up0", of(A, WORLD4, A4, syn(80))),
        passes("of the world, IPv6", "up0", of(A, WORLD6, A6, syn(80))),
        passes("of the router itself", "up0", of(A, RED4, A4, echo(true))),
        passes("of the router itself, IPv6", "up0", of(A, RED6, A6, echo(false))),
        passes("GRE", "up0", of(A, WORLD4, A4, gre())),
        passes("to what is open to all", "up0", of(S, WORLD4, S4, udp(53))),
        passes("to what is open to all, IPv6", "up0", of(S, WORLD6, S6, udp(53))),
        // Policy.
        drops(DropReason.POLICY, "TCP", "up0", of(S, WORLD4, S4, syn(80))),
        drops(DropReason.POLICY, "TCP, IPv6", "up0", of(S, WORLD6, S6, syn(80))),
        drops(DropReason.POLICY, "a neighbour's", "up0", of(S, NOBODY4, S4, udp(54))),
        drops(DropReason.POLICY, "the router's", "up0", of(S, RED4, S4, echo(true))),
        drops(DropReason.POLICY, "GRE", "up0", of(S, WORLD4, S4, gre())),
        // Who is here does not come from there.
        drops(DropReason.SPOOFED_IP, "of a neighbour here", "up0", of(S, A4, S4, syn(80))),
        drops(DropReason.SPOOFED_IP, "of a neighbour here, IPv6", "up0", of(S, A6, S6, syn(80))),
        drops(DropReason.SPOOFED_IP, "its own", "up0", of(A, A4, A4, udp(9))),
        drops(DropReason.SPOOFED_IP, "of another network", "up0", of(A, C4, A4, udp(9))),
        drops(DropReason.SPOOFED_IP, "of its gateway", "up0", of(A, BLUE4, A4, udp(9))),
        drops(DropReason.SPOOFED_IP, "of all", "up0", of(A, ip("10.0.1.255"), A4, udp(9))),
        drops(DropReason.SPOOFED_IP, "of a group", "up0", of(A, ip("224.0.0.1"), A4, udp(9))),
        drops(DropReason.SPOOFED_IP, "of a group, IPv6", "up0", of(A, ip("ff02::1"), A6, udp(9))),
        drops(DropReason.SPOOFED_IP, "of nobody", "up0", of(A, ip("0.0.0.0"), A4, udp(9))),
        drops(DropReason.SPOOFED_IP, "of nobody, IPv6", "up0", of(A, ip("::"), A6, udp(9))),
        // What cannot be read.
        drops(
            DropReason.FRAGMENT_TINY,
            "half a header",
            "up0",
            of(A, WORLD4, A4, new Layer4.Opaque(17, Bytes.ofHex("00350035")))),
        drops(
            DropReason.FRAGMENT_ORPHAN,
            "the end of a datagram",
            "up0",
            frame(
                STRANGER,
                A,
                Ipv6.of(WORLD6, A6, new Layer4.Opaque(17, Bytes.ofHex("0000000000000000")))
                    .withExtensions(new ExtensionHeader.Fragment(64, false, 7)))),
        // The node's own.
        ignores("nobody's", "up0", of(A, WORLD4, NOBODY4, udp(9))),
        ignores("to another's MAC", "up0", of(B, WORLD4, A4, udp(9))),
        ignores("to the node's MAC", "up0", of(RED, WORLD4, A4, udp(9))),
        ignores("to another network", "up0", of(C, WORLD4, C4, udp(9))),
        ignores("to all", "up0", of(ALL, WORLD4, ip("10.0.1.255"), udp(9))),
        ignores("to all, for one", "up0", of(ALL, WORLD4, A4, udp(9))),
        ignores("to a group", "up0", of(group(ip("ff02::1")), WORLD6, ip("ff02::1"), udp(9))),
        ignores("LLDP", "up0", other(0x88cc)),
        ignores("a VLAN", "up0", other(0x8100)),
        ignores("no IPv4", "up0", other(0x800)));
  }

  private static Ethernet of(
      MacAddress to, IpAddress source, IpAddress destination, Layer4 payload) {
    return frame(STRANGER, to, source, destination, payload);
  }

  private static Ethernet other(int etherType) {
    return frame(STRANGER, A, new Layer3.Opaque(etherType, Bytes.ofHex("00".repeat(60))));
  }

  static List<Case> arp() {
    Ethernet whoHasA = asked(NOBODY4, A4);
    return List.of(
        redirects("who has a", "up0", whoHasA, to(A, whoHasA)),
        passes("is a still there", "up0", to(A, whoHasA)),
        passes(
            "an answer", "up0", frame(STRANGER, A, new Arp(Arp.REPLY, STRANGER, NOBODY4, A, A4))),
        drops(DropReason.SPOOFED_ARP, "as b, to a alone", "up0", to(A, asked(B4, A4))),
        drops(DropReason.SPOOFED_ARP, "as blue's gateway", "up0", to(A, asked(BLUE4, A4))),
        ignores("as b, to all", "up0", asked(B4, A4)),
        ignores("who has nobody's", "up0", asked(NOBODY4, NOBODY4)),
        ignores("who has the router's", "up0", asked(NOBODY4, RED4)),
        ignores("who has one of another network", "up0", asked(NOBODY4, C4)),
        ignores("of a, to another's MAC", "up0", to(B, whoHasA)),
        ignores(
            "cut off",
            "up0",
            frame(STRANGER, ALL, new Layer3.Opaque(0x806, Bytes.ofHex("00010800")))));
  }

  private static Ethernet asked(IpAddress sender, IpAddress target) {
    return frame(STRANGER, ALL, Arp.request(STRANGER, sender, target));
  }

  static List<Case> discovery() {
    Icmpv6 forA = Icmpv6.solicitation(A6, STRANGER);
    IpAddress groupOfA = Icmpv6.solicitedNode(A6);
    return List.of(
        passes("who has a", "up0", nd(group(groupOfA), NOBODY6, groupOfA, forA)),
        passes("is a still there", "up0", nd(A, NOBODY6, A6, forA)),
        passes("is s there, whatever policy says", "up0", nd(S, NOBODY6, S6, solicits(S6))),
        passes("an answer", "up0", nd(A, NOBODY6, A6, Icmpv6.advertisement(NOBODY6, STRANGER))),
        passes("a router", "up0", nd(A, ROUTER_LINK, A6, Icmpv6.routerAdvertisement(1800))),
        spoofed("as b", DropReason.SPOOFED_IP, nd(A, B6, A6, forA)),
        spoofed("for b", DropReason.SPOOFED_ND, nd(A, NOBODY6, A6, solicits(B6))),
        spoofed(
            "b's answer",
            DropReason.SPOOFED_ND,
            nd(A, NOBODY6, A6, Icmpv6.advertisement(B6, STRANGER))),
        spoofed("a host's", DropReason.SPOOFED_ND, nd(A, NOBODY6, A6, Icmpv6.routerSolicitation())),
        spoofed(
            "another way",
            DropReason.ADVERTISEMENT,
            nd(A, ROUTER_LINK, A6, Icmpv6.redirect(WORLD6, WORLD6))),
        spoofed("from afar", DropReason.SPOOFED_ND, frame(STRANGER, A, Ipv6.of(NOBODY6, A6, forA))),
        spoofed(
            "behind an extension header",
            DropReason.SPOOFED_ND,
            frame(
                STRANGER,
                A,
                Ipv6.of(NOBODY6, A6, forA)
                    .withHopLimit(255)
                    .withExtensions(ExtensionHeader.Options.padding(ExtensionHeader.HOP_BY_HOP)))),
        ignores("who has a, as b", "up0", nd(group(groupOfA), B6, groupOfA, forA)),
        ignores(
            "who has nobody's",
            "up0",
            nd(
                group(Icmpv6.solicitedNode(NOBODY6)),
                WORLD6,
                Icmpv6.solicitedNode(NOBODY6),
                solicits(NOBODY6))),
        ignores(
            "a router, to all",
            "up0",
            nd(
                group(ip("ff02::1")),
                ROUTER_LINK,
                ip("ff02::1"),
                Icmpv6.routerAdvertisement(1800))));
  }

  private static Icmpv6 solicits(IpAddress target) {
    return Icmpv6.solicitation(target, STRANGER);
  }

  private static Case spoofed(String what, DropReason reason, Ethernet frame) {
    return drops(reason, what, "up0", frame);
  }

  private static Ethernet nd(
      MacAddress to, IpAddress source, IpAddress destination, Icmpv6 message) {
    return frame(STRANGER, to, Ipv6.of(source, destination, message).withHopLimit(255));
  }

  @ParameterizedTest
  @MethodSource({"data", "arp", "discovery"})
  void whatComesFromTheWire(Case row) {
    check(row);
  }
}
