package dev.sluice.testkit;

import static dev.sluice.core.policy.DropReason.ADVERTISEMENT;
import static dev.sluice.core.policy.DropReason.FRAGMENT_TINY;
import static dev.sluice.core.policy.DropReason.SPOOFED_ARP;
import static dev.sluice.core.policy.DropReason.SPOOFED_ND;
import static dev.sluice.testkit.GuardBed.A4;
import static dev.sluice.testkit.GuardBed.A6;
import static dev.sluice.testkit.GuardBed.ALL_NODES;
import static dev.sluice.testkit.GuardBed.ALL_ROUTERS;
import static dev.sluice.testkit.GuardBed.B4;
import static dev.sluice.testkit.GuardBed.B6;
import static dev.sluice.testkit.GuardBed.C4;
import static dev.sluice.testkit.GuardBed.D4;
import static dev.sluice.testkit.GuardBed.D6;
import static dev.sluice.testkit.GuardBed.GATEWAY4;
import static dev.sluice.testkit.GuardBed.GATEWAY6;
import static dev.sluice.testkit.GuardBed.STRANGER;
import static dev.sluice.testkit.GuardBed.STRANGER4;
import static dev.sluice.testkit.GuardBed.STRANGER6;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.DiscoveryOption;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Udp;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Rule 9: ARP and ND speak for the endpoint itself, and no endpoint is a router or DHCP server. */
abstract class DiscoveryGuardContract extends CountedContract {

  private static final IpAddress NOBODY4 = ip("0.0.0.0");
  private static final IpAddress NOBODY6 = ip("::");

  @Test
  void arpSpeaksForTheSenderItself(Node node) {
    try (GuardBed bed = guarded(node)) {
      MacAddress a = bed.a();
      bed.announces("a question", "b", arp(bed, Arp.request(a, A4, B4)));
      bed.announces("an announcement", "b", arp(bed, Arp.request(a, A4, A4)));
      bed.announces("an unasked answer", "b", arp(bed, new Arp(Arp.REPLY, a, A4, STRANGER, A4)));
      bed.passes("an answer", "b", bed.frame(bed.b(), new Arp(Arp.REPLY, a, A4, bed.b(), B4)));
      bed.announces("a probe", "b", arp(bed, Arp.request(a, NOBODY4, A4)));
      for (IpAddress ip : List.of(B4, GATEWAY4, STRANGER4, C4)) {
        bed.drops(SPOOFED_ARP, "a question of " + ip, arp(bed, Arp.request(a, ip, D4)));
        bed.drops(SPOOFED_ARP, "an answer of " + ip, arp(bed, new Arp(Arp.REPLY, a, ip, a, D4)));
        bed.drops(SPOOFED_ARP, "a probe for " + ip, arp(bed, Arp.request(a, NOBODY4, ip)));
      }
      for (MacAddress mac : List.of(bed.b(), bed.gatewayMac(), STRANGER)) {
        bed.drops(SPOOFED_ARP, "a question from " + mac, arp(bed, Arp.request(mac, A4, D4)));
        bed.drops(
            SPOOFED_ARP, "an answer from " + mac, arp(bed, new Arp(Arp.REPLY, mac, A4, a, D4)));
        bed.drops(SPOOFED_ARP, "a probe from " + mac, arp(bed, Arp.request(mac, NOBODY4, A4)));
      }
      bed.drops(
          SPOOFED_ARP, "an answer of nobody", arp(bed, new Arp(Arp.REPLY, a, NOBODY4, a, A4)));
      bed.run();
    }
  }

  private static Ethernet arp(GuardBed bed, Arp arp) {
    return bed.frame(Ethernet.BROADCAST, arp);
  }

  /** Offsets are those of RFC 826. */
  @Test
  void arpIsAQuestionOrAnAnswerOfIpv4OverEthernet(Node node) {
    try (GuardBed bed = guarded(node)) {
      byte[] right = Arp.request(bed.a(), A4, B4).encode();
      bed.announces("as it should be", "b", arp(bed, Arp.request(bed.a(), A4, B4)));
      bed.drops(SPOOFED_ARP, "hardware type 6", odd(bed, right, 1, 6));
      bed.drops(SPOOFED_ARP, "protocol 0x0801", odd(bed, right, 3, 1));
      bed.drops(SPOOFED_ARP, "MACs of 8 bytes", odd(bed, right, 4, 8));
      bed.drops(SPOOFED_ARP, "addresses of 16 bytes", odd(bed, right, 5, 16));
      for (int operation : new int[] {0, 3, 4, 8, 9, 25}) {
        bed.drops(SPOOFED_ARP, "operation " + operation, odd(bed, right, 7, operation));
      }
      bed.drops(
          SPOOFED_ARP,
          "cut short",
          opaque(bed, Arrays.copyOf(new Arp(1, bed.a(), A4, bed.a(), D4).encode(), 26)));
      bed.run();
    }
  }

  private static Ethernet odd(GuardBed bed, byte[] right, int at, int value) {
    byte[] odd = right.clone();
    odd[at] = (byte) value;
    return opaque(bed, odd);
  }

  private static Ethernet opaque(GuardBed bed, byte[] arp) {
    return bed.frame(Ethernet.BROADCAST, new Layer3.Opaque(Arp.ETHER_TYPE, Bytes.of(arp)));
  }

  private static Ethernet ask(GuardBed bed, IpAddress from, DiscoveryOption... options) {
    return bed.discovery(from, Icmpv6.solicitedNode(B6), Icmpv6.solicitation(B6, options));
  }

  private static Ethernet tell(GuardBed bed, IpAddress target, DiscoveryOption... options) {
    return bed.discovery(A6, B6, Icmpv6.advertisement(target, options));
  }

  private static DiscoveryOption nonce(int number) {
    return DiscoveryOption.nonce(Bytes.of(new byte[] {1, 2, 3, 4, 5, (byte) number}));
  }

  @Test
  void discoveryOfTheEndpointsOwnAddressesPasses(Node node) {
    try (GuardBed bed = guarded(node)) {
      IpAddress link = IpAddress.linkLocal(bed.a());
      DiscoveryOption source = DiscoveryOption.sourceLink(bed.a());
      DiscoveryOption target = DiscoveryOption.targetLink(bed.a());
      bed.announces("a question", "b", ask(bed, A6, source));
      bed.announces("a question from the link-local address", "b", ask(bed, link, source));
      bed.announces("a question with a nonce", "b", ask(bed, A6, source, nonce(1)));
      bed.announces("a question without an option", "b", ask(bed, A6));
      bed.passes("an answer", "b", tell(bed, A6, target));
      bed.passes("an answer for the link-local address", "b", tell(bed, link, target));
      bed.passes("an answer without an option", "b", tell(bed, A6));
      bed.announces(
          "an unasked answer",
          "b",
          bed.discovery(
              link,
              ALL_NODES,
              new Icmpv6(
                  Icmpv6.NEIGHBOUR_ADVERTISEMENT,
                  0,
                  0x20000000,
                  Icmpv6.advertisement(A6, bed.a()).body(),
                  OptionalInt.empty())));
      bed.announces("duplicate detection", "b", detect(bed, A6));
      bed.announces("duplicate detection with a nonce", "b", detect(bed, A6, nonce(2)));
      bed.announces("duplicate detection of the link-local address", "b", detect(bed, link));
      bed.announces(
          "a router solicitation",
          "b",
          bed.discovery(link, ALL_ROUTERS, Icmpv6.routerSolicitation(source)));
      bed.announces(
          "a router solicitation without an option",
          "b",
          bed.discovery(link, ALL_ROUTERS, Icmpv6.routerSolicitation()));
      bed.run();
    }
  }

  private static Ethernet detect(GuardBed bed, IpAddress target, DiscoveryOption... options) {
    return bed.discovery(
        NOBODY6, Icmpv6.solicitedNode(target), Icmpv6.solicitation(target, options));
  }

  @Test
  void discoveryForAnybodyElseIsDropped(Node node) {
    try (GuardBed bed = guarded(node)) {
      IpAddress linkOfB = IpAddress.linkLocal(bed.b());
      DiscoveryOption target = DiscoveryOption.targetLink(bed.a());
      for (IpAddress other : List.of(B6, D6, GATEWAY6, STRANGER6, linkOfB, ip("fe80::1"))) {
        bed.drops(
            SPOOFED_ND,
            "a question from " + other,
            bed.discovery(other, Icmpv6.solicitedNode(D6), Icmpv6.solicitation(D6, bed.a())));
        bed.drops(
            SPOOFED_ND,
            "an answer from " + other,
            bed.discovery(other, ALL_NODES, Icmpv6.advertisement(other, target)));
        bed.drops(SPOOFED_ND, "an answer for " + other, tell(bed, other, target));
        bed.drops(SPOOFED_ND, "an answer without an option for " + other, tell(bed, other));
        bed.drops(SPOOFED_ND, "duplicate detection of " + other, detect(bed, other));
        bed.drops(
            SPOOFED_ND,
            "a router solicitation from " + other,
            bed.discovery(other, ALL_ROUTERS, Icmpv6.routerSolicitation()));
      }
      bed.drops(
          SPOOFED_ND,
          "an answer from nobody",
          bed.discovery(NOBODY6, ALL_NODES, Icmpv6.advertisement(A6, target)));
      bed.run();
    }
  }

  /** Whoever receives it takes the first link-layer address, or the last, as it likes. */
  @Test
  void discoveryWithAnothersMacInsideIsDropped(Node node) {
    try (GuardBed bed = guarded(node)) {
      IpAddress link = IpAddress.linkLocal(bed.a());
      DiscoveryOption ownSource = DiscoveryOption.sourceLink(bed.a());
      DiscoveryOption ownTarget = DiscoveryOption.targetLink(bed.a());
      int i = 0;
      for (MacAddress mac : List.of(bed.b(), bed.gatewayMac(), STRANGER)) {
        DiscoveryOption source = DiscoveryOption.sourceLink(mac);
        DiscoveryOption target = DiscoveryOption.targetLink(mac);
        bed.drops(SPOOFED_ND, "a question with " + mac, ask(bed, A6, source));
        bed.drops(SPOOFED_ND, "an answer with " + mac, tell(bed, A6, target));
        bed.drops(SPOOFED_ND, "detection with " + mac, detect(bed, A6, source));
        bed.drops(
            SPOOFED_ND,
            "a router solicitation with " + mac,
            bed.discovery(link, ALL_ROUTERS, Icmpv6.routerSolicitation(source)));
        bed.drops(SPOOFED_ND, "a question, second with " + mac, ask(bed, A6, ownSource, source));
        bed.drops(SPOOFED_ND, "an answer, second with " + mac, tell(bed, A6, ownTarget, target));
        bed.drops(
            SPOOFED_ND,
            "a question behind a nonce with " + mac,
            ask(bed, A6, nonce(10 + i++), source));
      }
      bed.run();
    }
  }

  @Test
  void discoveryWhoseLinkAddressIsNotTheFirstOptionIsDropped(Node node) {
    try (GuardBed bed = guarded(node)) {
      DiscoveryOption source = DiscoveryOption.sourceLink(bed.a());
      DiscoveryOption target = DiscoveryOption.targetLink(bed.a());
      bed.drops(SPOOFED_ND, "a question behind a nonce", ask(bed, A6, nonce(1), source));
      bed.drops(SPOOFED_ND, "an answer behind a nonce", tell(bed, A6, nonce(2), target));
      bed.drops(SPOOFED_ND, "an answer with its source", tell(bed, A6, source));
      bed.drops(SPOOFED_ND, "a question with its target", ask(bed, A6, target));
      bed.drops(SPOOFED_ND, "a nonce alone", ask(bed, A6, nonce(3)));
      bed.drops(
          SPOOFED_ND,
          "a router solicitation behind a nonce",
          bed.discovery(
              IpAddress.linkLocal(bed.a()),
              ALL_ROUTERS,
              Icmpv6.routerSolicitation(nonce(4), source)));
      bed.drops(SPOOFED_ND, "three options", ask(bed, A6, source, nonce(5), nonce(6)));
      bed.run();
    }
  }

  /** RFC 6980: a receiver that looks there would find what no guard has read. */
  @Test
  void discoveryBehindExtensionHeadersIsDropped(Node node) {
    try (GuardBed bed = guarded(node)) {
      for (int type :
          new int[] {
            ExtensionHeader.HOP_BY_HOP, ExtensionHeader.ROUTING, ExtensionHeader.DESTINATION_OPTIONS
          }) {
        ExtensionHeader header = ExtensionHeader.Options.padding(type);
        bed.drops(SPOOFED_ND, "a question behind " + type, behind(bed, 100 + type, header));
      }
      bed.drops(
          SPOOFED_ND,
          "a question in an atomic fragment",
          behind(bed, 1, new ExtensionHeader.Fragment(0, false, 7)));
      Ipv6 answer =
          Ipv6.of(
              A6,
              B6,
              Icmpv6.advertisement(
                  B6, DiscoveryOption.targetLink(bed.a()), nonce(9), nonce(9), nonce(9)));
      bed.drops(
          SPOOFED_ND,
          "the first fragment of an answer",
          bed.discovery(answer.fragments(Ipv6.HEADER + 8 + 40, 8).get(0)));
      bed.run();
    }
  }

  private static Ethernet behind(GuardBed bed, int rest, ExtensionHeader header) {
    Icmpv6 question =
        new Icmpv6(
            Icmpv6.NEIGHBOUR_SOLICITATION,
            0,
            rest,
            Icmpv6.solicitation(B6, bed.a()).body(),
            OptionalInt.empty());
    return bed.discovery(Ipv6.of(A6, Icmpv6.solicitedNode(B6), question).withExtensions(header));
  }

  @Test
  void noEndpointIsARouter(Node node) {
    try (GuardBed bed = guarded(node)) {
      IpAddress link = IpAddress.linkLocal(bed.a());
      IpAddress linkOfB = IpAddress.linkLocal(bed.b());
      DiscoveryOption source = DiscoveryOption.sourceLink(bed.a());
      bed.drops(
          ADVERTISEMENT,
          "an advertisement",
          bed.discovery(link, ALL_NODES, Icmpv6.routerAdvertisement(1800, source)));
      bed.drops(
          ADVERTISEMENT,
          "an advertisement to one",
          bed.discovery(link, linkOfB, Icmpv6.routerAdvertisement(1801, source)));
      bed.drops(
          ADVERTISEMENT,
          "an advertisement that ends it",
          bed.discovery(A6, linkOfB, Icmpv6.routerAdvertisement(0)));
      int lifetime = 1;
      for (int type : new int[] {ExtensionHeader.HOP_BY_HOP, ExtensionHeader.DESTINATION_OPTIONS}) {
        bed.drops(
            ADVERTISEMENT,
            "an advertisement behind " + type,
            bed.discovery(
                Ipv6.of(link, linkOfB, Icmpv6.routerAdvertisement(lifetime++, source))
                    .withExtensions(ExtensionHeader.Options.padding(type))));
      }
      bed.drops(
          ADVERTISEMENT,
          "an advertisement in an atomic fragment",
          bed.discovery(
              Ipv6.of(link, linkOfB, Icmpv6.routerAdvertisement(9, source))
                  .withExtensions(new ExtensionHeader.Fragment(0, false, 3))));
      bed.drops(
          ADVERTISEMENT,
          "a redirect",
          bed.discovery(link, linkOfB, Icmpv6.redirect(link, D6, source)));
      bed.drops(
          ADVERTISEMENT,
          "a redirect of IPv4",
          bed.frame(
              bed.b(),
              GuardBed.packet(
                  A4,
                  B4,
                  new Icmp(
                      Icmp.REDIRECT,
                      1,
                      ByteBuffer.wrap(A4.bytes()).getInt(),
                      Bytes.of(bed.packet(B4, C4).encode()),
                      OptionalInt.empty()))));
      bed.run();
    }
  }

  /**
   * RFC 7113: the first fragment holds no more than an extension header, the second one what it is
   * about; put together it would be an advertisement.
   */
  @Test
  void noAdvertisementHidesInFragments(Node node) {
    try (GuardBed bed = guarded(node)) {
      IpAddress link = IpAddress.linkLocal(bed.a());
      IpAddress linkOfB = IpAddress.linkLocal(bed.b());
      for (Icmpv6 message :
          List.of(
              Icmpv6.routerAdvertisement(1800, DiscoveryOption.sourceLink(bed.a())),
              Icmpv6.redirect(link, D6),
              Icmpv6.advertisement(B6, bed.a()))) {
        Ipv6 first = hidden(link, linkOfB, 0, true, header(message.type()));
        Ipv6 atomic =
            hidden(link, linkOfB, 0, true, header(message.type() + 40))
                .withExtensions(
                    new ExtensionHeader.Fragment(0, false, 1),
                    new ExtensionHeader.Fragment(0, true, 77));
        bed.drops(FRAGMENT_TINY, "the first of " + message.type(), bed.discovery(first));
        bed.drops(FRAGMENT_TINY, "the first, twice a fragment", bed.discovery(atomic));
      }
      bed.drops(
          FRAGMENT_TINY,
          "one that ends within the extension header",
          bed.discovery(hidden(link, linkOfB, 0, true, Bytes.ofHex("3a03 0104 0000 0000"))));
      bed.run();
    }
  }

  /** Destination options before ICMPv6, with an option of no meaning to tell them apart. */
  private static Bytes header(int number) {
    return Bytes.of(new byte[] {Icmpv6.PROTOCOL, 0, 0x1e, 4, 9, 8, 7, (byte) number});
  }

  private static Ipv6 hidden(
      IpAddress from, IpAddress to, int offset, boolean more, Bytes content) {
    return Ipv6.of(from, to, new Layer4.Opaque(ExtensionHeader.DESTINATION_OPTIONS, content))
        .withExtensions(new ExtensionHeader.Fragment(offset, more, 77));
  }

  @Test
  void noEndpointIsADhcpServer(Node node) {
    try (GuardBed bed = guarded(node)) {
      IpAddress link = IpAddress.linkLocal(bed.a());
      IpAddress linkOfB = IpAddress.linkLocal(bed.b());
      bed.passes("a question to a server", "b", dhcp(bed, A4, B4, 68, 67, 1));
      bed.passes("a question to a server of IPv6", "b", dhcp(bed, link, linkOfB, 546, 547, 1));
      bed.drops(ADVERTISEMENT, "an offer", dhcp(bed, A4, B4, 67, 68, 2));
      bed.drops(ADVERTISEMENT, "an offer to all", dhcp(bed, A4, ip("255.255.255.255"), 67, 68, 3));
      bed.drops(ADVERTISEMENT, "an offer from another port", dhcp(bed, A4, B4, 1067, 68, 4));
      bed.drops(ADVERTISEMENT, "to a relay", dhcp(bed, A4, B4, 67, 67, 5));
      bed.drops(ADVERTISEMENT, "an offer to be routed", dhcp(bed, A4, C4, 67, 68, 6));
      bed.drops(ADVERTISEMENT, "of IPv6", dhcp(bed, link, linkOfB, 547, 546, 2));
      bed.drops(ADVERTISEMENT, "of IPv6 to all", dhcp(bed, link, ALL_NODES, 547, 546, 3));
      bed.drops(ADVERTISEMENT, "of IPv6 from another port", dhcp(bed, link, linkOfB, 1547, 546, 4));
      bed.drops(ADVERTISEMENT, "of IPv6 to a relay", dhcp(bed, link, linkOfB, 547, 547, 5));
      bed.run();
    }
  }

  private static Ethernet dhcp(
      GuardBed bed, IpAddress from, IpAddress to, int source, int destination, int number) {
    Bytes message = Bytes.ofText("\2\1\6 as of a server, the " + number + "th");
    MacAddress mac =
        to.equals(ip("255.255.255.255"))
            ? Ethernet.BROADCAST
            : to.equals(ALL_NODES)
                ? GuardBed.group(to)
                : to.equals(C4) ? bed.gatewayMac() : bed.b();
    return bed.frame(mac, GuardBed.packet(from, to, Udp.of(source, destination, message)));
  }
}
