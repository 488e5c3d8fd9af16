package dev.sluice.backend.ebpf;

import static dev.sluice.backend.ebpf.ProgramCases.*;

import dev.sluice.backend.ebpf.ProgramCases.Case;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.DiscoveryOption;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.policy.DropReason;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ARP, neighbour discovery and MLD of endpoints: answered in the place of who is asked. */
class EndpointDiscoveryTest extends ProgramTable {

  private static final MacAddress ALL = Ethernet.BROADCAST;
  private static final IpAddress ALL_NODES = ip("ff02::1");
  private static final IpAddress ALL_ROUTERS = ip("ff02::2");
  private static final DiscoveryOption NONCE = DiscoveryOption.nonce(Bytes.ofHex("010203040506"));
  private static final int ROUTER = 0x80000000;
  private static final int SOLICITED_OVERRIDE = 0x60000000;

  @Override
  protected TestResult run(ProgramBed on, String place, byte[] frame) {
    return on.fromEndpoint(place, "eth0", frame);
  }

  static List<Case> arp() {
    return List.of(
        answered("who has b", A4, B4, B),
        answered("who has s, whatever policy says", A4, S4, S),
        answered("who has the gateway", A4, RED4, RED),
        ignores("who has nobody's", "a", asked(A4, NOBODY4)),
        ignores("who has one of another network", "a", asked(A4, C4)),
        ignores("who has its own", "a", asked(A4, A4)),
        ignores("a probe", "a", asked(ip("0.0.0.0"), A4)),
        ignores("an announcement", "a", frame(A, ALL, new Arp(Arp.REPLY, A, A4, ALL, A4))),
        passes("to one neighbour", "a", frame(A, B, Arp.request(A, A4, B4))),
        passes("a reply to one neighbour", "a", frame(A, B, new Arp(Arp.REPLY, A, A4, B, B4))),
        passes("to the gateway", "a", frame(A, RED, Arp.request(A, A4, RED4))),
        drops(DropReason.MISDIRECTED, "to b for d", "a", frame(A, B, Arp.request(A, A4, D4))),
        spoofed("of b's address", frame(A, ALL, Arp.request(A, B4, D4))),
        spoofed("of the gateway's address", frame(A, ALL, new Arp(Arp.REPLY, A, RED4, ALL, RED4))),
        spoofed("of b's MAC", frame(A, ALL, Arp.request(B, A4, D4))),
        spoofed("a probe for b's", asked(ip("0.0.0.0"), B4)),
        spoofed("a reply of nobody", frame(A, B, new Arp(Arp.REPLY, A, ip("0.0.0.0"), B, B4))),
        spoofed("another operation", frame(A, ALL, new Arp(3, A, A4, ALL, B4))),
        spoofed("cut off", frame(A, ALL, new Layer3.Opaque(0x806, Bytes.ofHex("00010800")))),
        spoofed("of IPv6", changed(asked(A4, B4), 2, 0x86)),
        spoofed("of another hardware", changed(asked(A4, B4), 1, 6)),
        spoofed("with long MACs", changed(asked(A4, B4), 4, 8)));
  }

  private static Ethernet asked(IpAddress sender, IpAddress target) {
    return frame(A, ALL, Arp.request(A, sender, target));
  }

  private static Case answered(String what, IpAddress sender, IpAddress target, MacAddress mac) {
    return redirects(
        what,
        "a",
        asked(sender, target),
        frame(mac, A, new Arp(Arp.REPLY, mac, target, A, sender)));
  }

  private static Case spoofed(String what, Ethernet frame) {
    return drops(DropReason.SPOOFED_ARP, what, "a", frame);
  }

  private static Ethernet changed(Ethernet frame, int at, int value) {
    byte[] packet = frame.payload().encode();
    packet[at] = (byte) value;
    return frame(frame.source(), frame.destination(), new Layer3.Opaque(0x806, Bytes.of(packet)));
  }

  static List<Case> solicitations() {
    Icmpv6 forB = Icmpv6.solicitation(B6, A);
    return List.of(
        advertised("who has b", A6, B6, B, 0),
        advertised("who has s, whatever policy says", A6, S6, S, 0),
        advertised("who has b's link-local address", A_LINK, B_LINK, B, 0),
        advertised("who has the gateway", A6, RED6, RED, ROUTER),
        advertised("who has the gateway's link-local address", A_LINK, RED_LINK, RED, ROUTER),
        redirects(
            "with a nonce",
            "a",
            asked(A6, B6, Icmpv6.solicitation(B6, DiscoveryOption.sourceLink(A), NONCE)),
            advertisement(A6, B6, B, 0)),
        redirects(
            "without an option",
            "a",
            asked(A6, B6, Icmpv6.solicitation(B6)),
            advertisement(A6, B6, B, 0)),
        ignores("who has nobody's", "a", asked(A6, NOBODY6, Icmpv6.solicitation(NOBODY6, A))),
        ignores("who has one of another network", "a", asked(A6, C6, Icmpv6.solicitation(C6, A))),
        ignores(
            "another network's link-local", "a", asked(A6, C_LINK, Icmpv6.solicitation(C_LINK, A))),
        ignores("a probe", "a", asked(ip("::"), A6, Icmpv6.solicitation(A6))),
        ignores(
            "a probe with a nonce",
            "a",
            asked(ip("::"), A_LINK, Icmpv6.solicitation(A_LINK, NONCE))),
        ignores("an announcement", "a", nd(A6, ALL_NODES, Icmpv6.advertisement(A6, A))),
        passes("to one neighbour", "a", nd(A6, B6, forB)),
        passes(
            "to one whom policy forbids it",
            "b",
            frame(B, S, Ipv6.of(B6, S6, Icmpv6.solicitation(S6, B)).withHopLimit(255))),
        passes("an advertisement to one", "a", nd(A6, B6, Icmpv6.advertisement(A6, A))),
        redirects(
            "is there a router",
            "a",
            nd(A_LINK, ALL_ROUTERS, Icmpv6.routerSolicitation(DiscoveryOption.sourceLink(A))),
            to(
                RED,
                nd(A_LINK, ALL_ROUTERS, Icmpv6.routerSolicitation(DiscoveryOption.sourceLink(A))))),
        spoofed6("of b's address", nd(D6, B6, forB)),
        spoofed6("with b's MAC", nd(A6, B6, Icmpv6.solicitation(B6, B))),
        spoofed6(
            "with another option first",
            nd(A6, B6, Icmpv6.solicitation(B6, NONCE, DiscoveryOption.sourceLink(A)))),
        spoofed6(
            "with the target's option",
            nd(A6, B6, Icmpv6.solicitation(B6, DiscoveryOption.targetLink(A)))),
        spoofed6(
            "with two addresses",
            nd(
                A6,
                B6,
                Icmpv6.solicitation(
                    B6, DiscoveryOption.sourceLink(A), DiscoveryOption.sourceLink(B)))),
        spoofed6("of b's target", nd(A6, ALL_NODES, Icmpv6.advertisement(B6, A))),
        spoofed6("of the gateway's target", nd(A6, ALL_NODES, Icmpv6.advertisement(RED6, A))),
        spoofed6("an advertisement with b's MAC", nd(A6, ALL_NODES, Icmpv6.advertisement(A6, B))),
        spoofed6("a probe for b's", asked(ip("::"), B6, Icmpv6.solicitation(B6))),
        spoofed6("a probe with an address", asked(ip("::"), A6, Icmpv6.solicitation(A6, A))),
        spoofed6(
            "an advertisement of nobody", nd(ip("::"), ALL_NODES, Icmpv6.advertisement(A6, A))),
        spoofed6("a router's of nobody", nd(ip("::"), ALL_NODES, Icmpv6.routerAdvertisement(1800))),
        spoofed6(
            "asking for a router as nobody",
            nd(ip("::"), ALL_ROUTERS, Icmpv6.routerSolicitation())),
        spoofed6("with another hop limit", frame(A, B, Ipv6.of(A6, B6, forB))),
        spoofed6(
            "behind an extension header",
            frame(
                A,
                B,
                Ipv6.of(A6, B6, forB)
                    .withHopLimit(255)
                    .withExtensions(ExtensionHeader.Options.padding(ExtensionHeader.HOP_BY_HOP)))),
        redirects(
            "a listener's report",
            "a",
            report(1, ip("ff02::16")),
            to(RED, report(1, ip("ff02::16")))),
        redirects(
            "a listener's report before it has an address",
            "a",
            report(ip("::"), 1, ip("ff02::16")),
            to(RED, report(ip("::"), 1, ip("ff02::16")))),
        drops(
            DropReason.MULTICAST,
            "such a report with hops",
            "a",
            report(ip("::"), 64, ip("ff02::16"))),
        drops(DropReason.MULTICAST, "a report with hops", "a", report(64, ip("ff02::16"))),
        drops(DropReason.MULTICAST, "a report beyond the link", "a", report(1, ip("ff05::16"))),
        drops(DropReason.MULTICAST, "a report to one", "a", to(B, report(1, B6))));
  }

  private static Ethernet report(int hops, IpAddress to) {
    return report(A_LINK, hops, to);
  }

  private static Ethernet report(IpAddress from, int hops, IpAddress to) {
    Icmpv6 message = new Icmpv6(Icmpv6.LISTENER_REPORT_V2, 0, 0, Bytes.EMPTY, OptionalInt.empty());
    return frame(A, group(to), Ipv6.of(from, to, message).withHopLimit(hops));
  }

  private static Ethernet asked(IpAddress source, IpAddress target, Icmpv6 message) {
    return nd(source, Icmpv6.solicitedNode(target), message);
  }

  private static Case advertised(
      String what, IpAddress source, IpAddress target, MacAddress mac, int flags) {
    return redirects(
        what,
        "a",
        asked(source, target, Icmpv6.solicitation(target, A)),
        advertisement(source, target, mac, flags));
  }

  private static Ethernet advertisement(IpAddress to, IpAddress target, MacAddress mac, int flags) {
    Icmpv6 plain = Icmpv6.advertisement(target, mac);
    Icmpv6 message =
        new Icmpv6(plain.type(), 0, SOLICITED_OVERRIDE | flags, plain.body(), OptionalInt.empty());
    return frame(mac, A, Ipv6.of(target, to, message).withHopLimit(255));
  }

  private static Ethernet nd(IpAddress source, IpAddress destination, Icmpv6 message) {
    MacAddress to = destination.bytes()[0] == (byte) 0xff ? group(destination) : B;
    return frame(A, to, Ipv6.of(source, destination, message).withHopLimit(255));
  }

  private static Case spoofed6(String what, Ethernet frame) {
    return drops(DropReason.SPOOFED_ND, what, "a", frame);
  }

  @ParameterizedTest
  @MethodSource({"arp", "solicitations"})
  void whatIsAsked(Case row) {
    check(row);
  }
}
