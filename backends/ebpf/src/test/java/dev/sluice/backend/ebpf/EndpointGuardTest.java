package dev.sluice.backend.ebpf;

import static dev.sluice.backend.ebpf.ProgramCases.*;

import dev.sluice.backend.ebpf.ProgramCases.Case;
import dev.sluice.backend.ebpf.ProgramCases.Sent;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.DropReason;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the guard says of what an endpoint sends: each reason for a drop but policy. */
class EndpointGuardTest extends ProgramTable {

  private static final Bytes ZEROS = Bytes.ofHex("00".repeat(64));

  @Override
  protected TestResult run(ProgramBed on, String place, byte[] frame) {
    return on.fromEndpoint(place, "eth0", frame);
  }

  static List<Case> guarded() {
    MacAddress all = Ethernet.BROADCAST;
    return List.of(
        drops(DropReason.ETHERTYPE, "a VLAN", "a", opaque(0x8100, ZEROS)),
        drops(DropReason.ETHERTYPE, "a service VLAN", "a", opaque(0x88a8, ZEROS)),
        drops(DropReason.ETHERTYPE, "LLDP", "a", opaque(0x88cc, ZEROS)),
        drops(DropReason.ETHERTYPE, "802.3", "a", opaque(64, ZEROS)),
        drops(DropReason.ETHERTYPE, "MPLS", "a", opaque(0x8847, ZEROS)),
        drops(DropReason.SPOOFED_MAC, "a stranger's MAC", "a", frame(STRANGER, B, A4, B4, udp(9))),
        drops(DropReason.SPOOFED_MAC, "b's MAC", "a", frame(B, RED, A4, C4, udp(9))),
        drops(DropReason.SPOOFED_MAC, "the gateway's MAC", "a", frame(RED, B, A4, B4, udp(9))),
        drops(DropReason.SPOOFED_IP, "b's address", "a", frame(A, B, D4, B4, udp(9))),
        drops(DropReason.SPOOFED_IP, "b's address, IPv6", "a", frame(A, B, D6, B6, udp(9))),
        drops(DropReason.SPOOFED_IP, "the gateway's address", "a", frame(A, B, RED4, B4, udp(9))),
        drops(DropReason.SPOOFED_IP, "a stranger's address", "a", frame(A, B, WORLD4, B4, udp(9))),
        drops(DropReason.SPOOFED_IP, "no address", "a", frame(A, RED, ip("0.0.0.0"), B4, udp(9))),
        drops(DropReason.SPOOFED_IP, "no address, IPv6", "a", frame(A, RED, ip("::"), B6, udp(9))),
        drops(
            DropReason.SPOOFED_IP, "b's link-local address", "a", frame(A, B, B_LINK, B6, udp(9))),
        drops(
            DropReason.SPOOFED_IP,
            "a broadcast address",
            "a",
            frame(A, B, ip("10.0.1.255"), B4, udp(9))),
        drops(
            DropReason.SPOOFED_IP,
            "IPv4 of another version",
            "a",
            changed(frame(A, B, A4, B4, udp(9)), 0, 0x65)),
        drops(
            DropReason.SPOOFED_IP,
            "IPv6 of another version",
            "a",
            changed(frame(A, B, A6, B6, udp(9)), 0, 0x40)),
        drops(
            DropReason.SPOOFED_IP,
            "a header of 16 bytes",
            "a",
            changed(frame(A, B, A4, B4, udp(9)), 0, 0x44)),
        drops(
            DropReason.MULTICAST,
            "to all neighbours",
            "a",
            frame(A, all, A4, ip("10.0.1.255"), udp(9))),
        drops(
            DropReason.MULTICAST,
            "to all of the network, by the gateway",
            "a",
            frame(A, RED, A4, ip("10.0.2.255"), udp(9))),
        drops(
            DropReason.MULTICAST,
            "to all there are",
            "a",
            frame(A, all, A4, ip("255.255.255.255"), udp(9))),
        drops(
            DropReason.MULTICAST,
            "to a group",
            "a",
            frame(A, MacAddress.parse("01:00:5e:00:00:fb"), A4, ip("224.0.0.251"), udp(9))),
        drops(
            DropReason.MULTICAST,
            "to a group, by the gateway",
            "a",
            frame(A, RED, A4, ip("239.1.2.3"), udp(9))),
        drops(
            DropReason.MULTICAST,
            "to a group, IPv6",
            "a",
            frame(A, group(ip("ff02::fb")), A6, ip("ff02::fb"), udp(9))),
        drops(
            DropReason.MULTICAST,
            "one's address in a frame to all",
            "a",
            frame(A, all, A4, B4, udp(9))),
        drops(
            DropReason.ADVERTISEMENT,
            "DHCP's answer",
            "a",
            frame(A, B, A4, B4, Udp.of(67, 68, Bytes.ofText("an offer")))),
        drops(
            DropReason.ADVERTISEMENT,
            "a relay's answer",
            "a",
            frame(A, B, A4, B4, Udp.of(67, 67, Bytes.ofText("an offer")))),
        drops(
            DropReason.ADVERTISEMENT,
            "DHCPv6's answer",
            "a",
            frame(A, B, A6, B6, Udp.of(547, 546, Bytes.ofText("a reply")))),
        drops(
            DropReason.ADVERTISEMENT,
            "a redirect",
            "a",
            frame(A, B, A4, B4, Icmp.error(5, 1, 0, Ipv4.of(B4, WORLD4, udp(9))))),
        drops(
            DropReason.ADVERTISEMENT,
            "a router advertisement",
            "a",
            nd(A_LINK, ip("ff02::1"), Icmpv6.routerAdvertisement(1800))),
        drops(
            DropReason.ADVERTISEMENT,
            "a redirect, IPv6",
            "a",
            nd(A_LINK, B_LINK, Icmpv6.redirect(A_LINK, WORLD6))),
        drops(DropReason.MISDIRECTED, "d's address to b", "a", frame(A, B, A4, D4, udp(9))),
        drops(
            DropReason.MISDIRECTED,
            "the world's address to b",
            "a",
            frame(A, B, A4, WORLD4, udp(9))),
        drops(
            DropReason.MISDIRECTED,
            "c's address to c, of another network",
            "a",
            frame(A, C, A4, C4, udp(9))),
        drops(DropReason.MISDIRECTED, "nobody's MAC", "a", frame(A, STRANGER, A4, B4, udp(9))),
        drops(
            DropReason.FRAGMENT_TINY,
            "half a header of UDP",
            "a",
            frame(A, B, A4, B4, new Layer4.Opaque(17, Bytes.ofHex("00350035")))),
        drops(
            DropReason.FRAGMENT_TINY,
            "half a header of ICMP",
            "a",
            frame(A, B, A4, B4, new Layer4.Opaque(1, Bytes.ofHex("08000000")))),
        drops(
            DropReason.FRAGMENT_TINY,
            "half a header of TCP, IPv6",
            "a",
            frame(A, B, A6, B6, new Layer4.Opaque(6, Bytes.ofHex("00350035")))),
        passes("as many extension headers as there may be", "a", behind(8, udp(9))),
        drops(DropReason.FRAGMENT_TINY, "one more", "a", behind(9, udp(9))),
        drops(
            DropReason.FRAGMENT_TINY,
            "a router advertisement behind one more",
            "a",
            behind(9, Icmpv6.routerAdvertisement(1800))),
        drops(
            DropReason.FRAGMENT_TINY,
            "a first fragment without ports",
            "a",
            frame(A, B, fragment6(0, true, Bytes.ofHex("0035003500")))),
        drops(
            DropReason.FRAGMENT_ORPHAN,
            "a later fragment",
            "a",
            frame(A, B, fragment6(64, false, ZEROS))),
        drops(
            DropReason.FRAGMENT_ORPHAN,
            "a later fragment, IPv4",
            "a",
            frame(A, B, fragment4(64, false, 91, ZEROS))),
        passes(
                "a later fragment after its first",
                "a",
                frame(A, B, fragment4(64, false, 92, ZEROS)))
            .after(new Sent("a", frame(A, B, fragment4(0, true, 92, ZEROS)))),
        drops(
                DropReason.FRAGMENT_ORPHAN,
                "the first again",
                "a",
                frame(A, B, fragment4(0, true, 93, ZEROS)))
            .after(new Sent("a", frame(A, B, fragment4(0, true, 93, ZEROS)))),
        drops(
                DropReason.FRAGMENT_ORPHAN,
                "with a gap",
                "a",
                frame(A, B, fragment4(72, false, 94, ZEROS)))
            .after(new Sent("a", frame(A, B, fragment4(0, true, 94, ZEROS)))),
        // 65,480 bytes of it: the next one could begin at 8, over what has been judged.
        drops(
                DropReason.FRAGMENT_ORPHAN,
                "that would end beyond the longest packet",
                "a",
                changed(changed(frame(A, B, fragment4(64, true, 95, ZEROS)), 2, 0xff), 3, 0xdc))
            .after(new Sent("a", frame(A, B, fragment4(0, true, 95, ZEROS)))));
  }

  private static Ethernet opaque(int etherType, Bytes content) {
    return frame(A, B, new Layer3.Opaque(etherType, content));
  }

  private static Ethernet behind(int headers, Layer4 payload) {
    ExtensionHeader[] options = new ExtensionHeader[headers];
    Arrays.fill(options, ExtensionHeader.Options.padding(ExtensionHeader.DESTINATION_OPTIONS));
    return frame(A, B, Ipv6.of(A6, B6, payload).withExtensions(options).withHopLimit(255));
  }

  /** With another byte behind the Ethernet header. */
  private static Ethernet changed(Ethernet frame, int at, int value) {
    byte[] packet = frame.payload().encode();
    packet[at] = (byte) value;
    return frame(
        frame.source(),
        frame.destination(),
        new Layer3.Opaque(frame.payload().etherType(), Bytes.of(packet)));
  }

  private static Ipv6 fragment6(int offset, boolean more, Bytes content) {
    return Ipv6.of(A6, B6, new Layer4.Opaque(17, content))
        .withExtensions(new ExtensionHeader.Fragment(offset, more, 0x77 + offset));
  }

  private static Ipv4 fragment4(int offset, boolean more, int id, Bytes content) {
    return new Ipv4(
        A4,
        B4,
        0,
        id,
        false,
        more,
        offset,
        64,
        Bytes.EMPTY,
        new Layer4.Opaque(17, content),
        OptionalInt.empty());
  }

  private static Ethernet nd(IpAddress source, IpAddress destination, Icmpv6 message) {
    MacAddress to = destination.bytes()[0] == (byte) 0xff ? group(destination) : B;
    return frame(A, to, Ipv6.of(source, destination, message).withHopLimit(255));
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void whatAnEndpointSends(Case row) {
    check(row);
  }
}
