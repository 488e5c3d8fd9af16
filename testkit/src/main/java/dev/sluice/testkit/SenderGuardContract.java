package dev.sluice.testkit;

import static dev.sluice.core.policy.DropReason.ETHERTYPE;
import static dev.sluice.core.policy.DropReason.MISDIRECTED;
import static dev.sluice.core.policy.DropReason.MULTICAST;
import static dev.sluice.core.policy.DropReason.SPOOFED_IP;
import static dev.sluice.core.policy.DropReason.SPOOFED_MAC;
import static dev.sluice.testkit.GuardBed.A4;
import static dev.sluice.testkit.GuardBed.A6;
import static dev.sluice.testkit.GuardBed.ALL_NODES;
import static dev.sluice.testkit.GuardBed.ALL_ROUTERS;
import static dev.sluice.testkit.GuardBed.B4;
import static dev.sluice.testkit.GuardBed.B6;
import static dev.sluice.testkit.GuardBed.C4;
import static dev.sluice.testkit.GuardBed.C6;
import static dev.sluice.testkit.GuardBed.D4;
import static dev.sluice.testkit.GuardBed.D6;
import static dev.sluice.testkit.GuardBed.GATEWAY4;
import static dev.sluice.testkit.GuardBed.GATEWAY6;
import static dev.sluice.testkit.GuardBed.STRANGER;
import static dev.sluice.testkit.GuardBed.STRANGER4;
import static dev.sluice.testkit.GuardBed.STRANGER6;
import static dev.sluice.testkit.GuardBed.group;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Arp;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.ExtensionHeader;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Vlan;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Rule 13: from its own MAC and addresses, IPv4, IPv6 and ARP without a tag, to one receiver. */
abstract class SenderGuardContract extends CountedContract {

  private static final String NODE = Witnesses.NODE;
  private static final IpAddress BROADCAST = ip("255.255.255.255");
  private static final IpAddress NOBODY = ip("::");

  @Test
  void anEndpointSendsFromItsOwnMac(Node node) {
    try (GuardBed bed = guarded(node)) {
      bed.passes("its own, IPv4", "b", bed.frame(bed.b(), A4, B4));
      bed.passes("its own, IPv6", "b", bed.frame(bed.b(), A6, B6));
      for (MacAddress mac : List.of(bed.b(), bed.gatewayMac(), STRANGER)) {
        bed.drops(SPOOFED_MAC, "IPv4 from " + mac, new Ethernet(bed.b(), mac, bed.packet(A4, B4)));
        bed.drops(SPOOFED_MAC, "IPv6 from " + mac, new Ethernet(bed.b(), mac, bed.packet(A6, B6)));
        bed.drops(
            SPOOFED_MAC,
            "to the gateway from " + mac,
            new Ethernet(bed.gatewayMac(), mac, bed.packet(A4, C4)));
        bed.drops(
            SPOOFED_MAC,
            "ARP from " + mac,
            new Ethernet(Ethernet.BROADCAST, mac, new Arp(1, bed.a(), A4, mac, B4)));
      }
      bed.run();
    }
  }

  @Test
  void anEndpointSendsFromItsOwnAddresses(Node node) {
    try (GuardBed bed = guarded(node)) {
      bed.passes("its own, IPv4", "b", bed.frame(bed.b(), A4, B4));
      bed.passes("its own, IPv6", "b", bed.frame(bed.b(), A6, B6));
      bed.passes("its own, IPv4, routed", "c", bed.frame(bed.gatewayMac(), A4, C4));
      bed.passes("its own, IPv6, routed", "c", bed.frame(bed.gatewayMac(), A6, C6));
      bed.passes("its own, IPv4, to the gateway", NODE, bed.frame(bed.gatewayMac(), A4, GATEWAY4));
      bed.passes("its own, IPv6, to the gateway", NODE, bed.frame(bed.gatewayMac(), A6, GATEWAY6));
      for (IpAddress from :
          List.of(B4, C4, GATEWAY4, STRANGER4, ip("0.0.0.0"), ip("127.0.0.1"), BROADCAST)) {
        bed.drops(SPOOFED_IP, "from " + from, bed.frame(bed.b(), from, D4));
        bed.drops(SPOOFED_IP, "routed, from " + from, bed.frame(bed.gatewayMac(), from, C4));
      }
      for (IpAddress from :
          List.of(B6, C6, GATEWAY6, STRANGER6, ip("::"), ip("::1"), ip("::ffff:10.0.1.2"))) {
        bed.drops(SPOOFED_IP, "from " + from, bed.frame(bed.b(), from, D6));
        bed.drops(SPOOFED_IP, "routed, from " + from, bed.frame(bed.gatewayMac(), from, C6));
      }
      bed.drops(SPOOFED_IP, "from a group", bed.frame(bed.b(), ALL_NODES, D6));
      bed.run();
    }
  }

  /** Rule 9: the link-local address is the endpoint's that is made of its MAC, and no other. */
  @Test
  void linkLocalAddressesWorkAndAreGuardedToo(Node node) {
    try (GuardBed bed = guarded(node)) {
      IpAddress own = IpAddress.linkLocal(bed.a());
      IpAddress ofB = IpAddress.linkLocal(bed.b());
      bed.passes("to a neighbour's", "b", bed.frame(bed.b(), own, ofB));
      bed.passes(
          "to the gateway's",
          NODE,
          bed.frame(bed.gatewayMac(), own, IpAddress.linkLocal(bed.gatewayMac())));
      bed.passes("from a global one", "b", bed.frame(bed.b(), A6, ofB));
      bed.drops(SPOOFED_IP, "of a neighbour", bed.frame(bed.d(), ofB, D6));
      bed.drops(
          SPOOFED_IP,
          "of the gateway",
          bed.frame(bed.b(), IpAddress.linkLocal(bed.gatewayMac()), ofB));
      bed.drops(SPOOFED_IP, "of nobody", bed.frame(bed.b(), ip("fe80::1"), ofB));
      bed.run();
      assertAnswers(node, NetnsRef.named("a"), ofB + "%eth0");
    }
  }

  @Test
  void onlyIpAndArpPass(Node node) {
    try (GuardBed bed = guarded(node)) {
      Map<Integer, String> types =
          Map.of(
              0x0040, "IEEE 802.2, by its length",
              0x0842, "wake on LAN",
              0x8035, "RARP",
              0x8847, "MPLS",
              0x8864, "PPPoE",
              0x888e, "EAPOL",
              0x8892, "PROFINET",
              0x88f7, "PTP",
              0x9000, "loopback");
      bed.passes("IPv4", "b", bed.frame(bed.b(), A4, B4));
      types.forEach(
          (type, name) ->
              bed.drops(
                  ETHERTYPE,
                  name,
                  bed.frame(
                      bed.b(), new Layer3.Opaque(type, Bytes.ofText(name + " to a neighbour")))));
      bed.drops(ETHERTYPE, "LLDP", opaque(bed, "01:80:c2:00:00:0e", 0x88cc, "LLDP to a bridge"));
      bed.drops(ETHERTYPE, "BPDU", opaque(bed, "01:80:c2:00:00:00", 0x0026, "BPDU to a bridge"));
      bed.drops(ETHERTYPE, "LACP", opaque(bed, "01:80:c2:00:00:02", 0x8809, "LACP to a bridge"));
      bed.drops(ETHERTYPE, "of all", opaque(bed, "ff:ff:ff:ff:ff:ff", 0x88b5, "broadcast, of all"));
      bed.drops(
          ETHERTYPE,
          "IPv4 that says it is MPLS",
          bed.frame(bed.b(), new Layer3.Opaque(0x8847, Bytes.of(bed.packet(A4, B4).encode()))));
      bed.drops(
          SPOOFED_IP, "IPv4 cut short", opaque(bed, bed.b().toString(), 0x0800, "E.........."));
      bed.drops(
          SPOOFED_IP, "IPv6 cut short", opaque(bed, bed.b().toString(), 0x86dd, "`.........."));
      bed.drops(
          SPOOFED_IP,
          "IPv6 that says it is IPv4",
          bed.frame(bed.b(), new Layer3.Opaque(0x0800, Bytes.of(bed.packet(A6, B6).encode()))));
      bed.run();
    }
  }

  private static Ethernet opaque(GuardBed bed, String to, int type, String text) {
    return bed.frame(MacAddress.parse(to), new Layer3.Opaque(type, Bytes.ofText(text)));
  }

  /** What is behind the tag would pass without it. */
  @Test
  void everyTagIsAForeignType(Node node) {
    try (GuardBed bed = guarded(node)) {
      bed.passes("IPv4 without a tag", "b", bed.frame(bed.b(), A4, B4));
      bed.passes("IPv6 without a tag", "b", bed.frame(bed.b(), A6, B6));
      int asked = 0;
      for (int id : new int[] {0, 1, 5, 4095}) {
        for (int type : new int[] {Vlan.CUSTOMER, Vlan.SERVICE}) {
          String what = "type %x, VLAN %d".formatted(type, id);
          bed.drops(ETHERTYPE, what + ", IPv4", tagged(bed, type, id, bed.packet(A4, B4)));
          bed.drops(ETHERTYPE, what + ", IPv6", tagged(bed, type, id, bed.packet(A6, B6)));
          bed.drops(
              ETHERTYPE,
              what + ", ARP",
              tagged(bed, type, id, Arp.request(bed.a(), A4, B4.plus(asked++))));
          bed.drops(
              ETHERTYPE,
              what + ", twice",
              tagged(bed, type, id, new Vlan(Vlan.CUSTOMER, 0, bed.packet(A4, B4))));
        }
      }
      bed.drops(
          ETHERTYPE,
          "to the gateway",
          bed.frame(bed.gatewayMac(), new Vlan(Vlan.CUSTOMER, 0, bed.packet(A4, C4))));
      bed.run();
    }
  }

  private static Ethernet tagged(GuardBed bed, int type, int id, Layer3 payload) {
    return bed.frame(bed.b(), new Vlan(type, id, payload));
  }

  @Test
  void whatIsForManyIsDropped(Node node) {
    try (GuardBed bed = guarded(node)) {
      for (String to : List.of("224.0.0.1", "224.0.0.251", "239.1.2.3")) {
        bed.drops(MULTICAST, "to " + to, bed.frame(group(ip(to)), A4, ip(to)));
        bed.drops(MULTICAST, "to b's MAC and " + to, bed.frame(bed.b(), A4, ip(to)));
        bed.drops(MULTICAST, "to the gateway and " + to, bed.frame(bed.gatewayMac(), A4, ip(to)));
      }
      for (String to : List.of("255.255.255.255", "10.0.1.255", "10.0.2.255")) {
        bed.drops(MULTICAST, "to " + to, bed.frame(Ethernet.BROADCAST, A4, ip(to)));
        bed.drops(MULTICAST, "to b's MAC and " + to, bed.frame(bed.b(), A4, ip(to)));
        bed.drops(MULTICAST, "to the gateway and " + to, bed.frame(bed.gatewayMac(), A4, ip(to)));
      }
      for (String to : List.of("ff01::1", "ff02::1", "ff02::fb", "ff05::2", "ff0e::1:2")) {
        bed.drops(MULTICAST, "to " + to, bed.frame(group(ip(to)), A6, ip(to)));
        bed.drops(MULTICAST, "to b's MAC and " + to, bed.frame(bed.b(), A6, ip(to)));
        bed.drops(MULTICAST, "to the gateway and " + to, bed.frame(bed.gatewayMac(), A6, ip(to)));
      }
      bed.run();
    }
  }

  /** A receiver takes a packet that is for it out of such a frame. */
  @Test
  void aPacketForOneInAFrameForManyIsDropped(Node node) {
    try (GuardBed bed = guarded(node)) {
      for (MacAddress to :
          List.of(
              Ethernet.BROADCAST,
              group(ip("224.0.0.1")),
              group(ALL_NODES),
              MacAddress.parse("01:80:c2:00:00:0e"))) {
        bed.drops(MULTICAST, "IPv4 in " + to, bed.frame(to, A4, B4));
        bed.drops(MULTICAST, "IPv6 in " + to, bed.frame(to, A6, B6));
        bed.drops(MULTICAST, "IPv4 to the gateway in " + to, bed.frame(to, A4, GATEWAY4));
        bed.drops(MULTICAST, "IPv4 to be routed in " + to, bed.frame(to, A4, C4));
      }
      bed.run();
    }
  }

  @Test
  void arpDiscoveryAndListenerReportsReachAll(Node node) {
    try (GuardBed bed = guarded(node)) {
      bed.announces("ARP", "b", bed.frame(Ethernet.BROADCAST, Arp.request(bed.a(), A4, B4)));
      bed.announces(
          "a neighbour solicitation",
          "b",
          bed.discovery(A6, Icmpv6.solicitedNode(B6), Icmpv6.solicitation(B6, bed.a())));
      bed.announces(
          "a router solicitation",
          "b",
          bed.discovery(IpAddress.linkLocal(bed.a()), ALL_ROUTERS, Icmpv6.routerSolicitation()));
      IpAddress own = IpAddress.linkLocal(bed.a());
      for (IpAddress from : List.of(own, NOBODY)) {
        bed.announces(
            "a listener report from " + from,
            "b",
            listener(bed, from, Icmpv6.LISTENER_REPORT_V2, "ff02::16"));
      }
      bed.drops(
          MULTICAST, "a listener query", listener(bed, own, Icmpv6.LISTENER_QUERY, "ff02::1"));
      bed.drops(
          SPOOFED_IP,
          "a listener query from nobody",
          listener(bed, NOBODY, Icmpv6.LISTENER_QUERY, "ff02::1"));
      bed.run();
    }
  }

  /** MLDv2, RFC 3810: with a router alert, hop limit 1. */
  private static Ethernet listener(GuardBed bed, IpAddress from, int type, String to) {
    Icmpv6 message =
        new Icmpv6(
            type,
            0,
            1,
            Bytes.ofHex("04000000 ff020000000000000000000000000abc"),
            OptionalInt.empty());
    return bed.frame(
        group(ip(to)),
        Ipv6.of(from, ip(to), message)
            .withHopLimit(1)
            .withExtensions(
                new ExtensionHeader.Options(
                    ExtensionHeader.HOP_BY_HOP, Bytes.ofHex("050200000100"))));
  }

  /** What policy lets through to one is not for another to read. */
  @Test
  void aNeighbourGetsWhatBearsItsAddress(Node node) {
    try (GuardBed bed = guarded(node)) {
      bed.passes("IPv4", "b", bed.frame(bed.b(), A4, B4));
      bed.passes("IPv6", "b", bed.frame(bed.b(), A6, B6));
      bed.passes("IPv4, turned round by the gateway", "b", bed.frame(bed.gatewayMac(), A4, B4));
      bed.passes("IPv6, turned round by the gateway", "b", bed.frame(bed.gatewayMac(), A6, B6));
      for (IpAddress to : List.of(D4, C4, GATEWAY4, STRANGER4, A4, ip("192.0.2.1"))) {
        bed.drops(MISDIRECTED, "to b's MAC and " + to, bed.frame(bed.b(), A4, to));
      }
      for (IpAddress to : List.of(D6, C6, GATEWAY6, STRANGER6, A6, ip("2001:db8::1"))) {
        bed.drops(MISDIRECTED, "to b's MAC and " + to, bed.frame(bed.b(), A6, to));
      }
      bed.drops(MISDIRECTED, "to nobody's MAC", bed.frame(STRANGER, A4, B4));
      bed.drops(MISDIRECTED, "to nobody's MAC, IPv6", bed.frame(STRANGER, A6, B6));
      bed.run();
    }
  }

  /** Rule 13: by whichever interface, from any of its addresses. */
  @Test
  void anEndpointAnswersByOneInterfaceWhatItWasAskedAtAnother(Node node) {
    try (GuardBed bed = guarded(node)) {
      assertAnswers(node, NetnsRef.named("a"), "10.0.2.4");
      assertAnswers(node, NetnsRef.named("a"), "fd00:0:0:2::4");
      assertAnswers(node, NetnsRef.named("c"), "10.0.1.4");
      assertAnswers(node, NetnsRef.named("c"), "fd00:0:0:1::4");
      bed.run();
    }
  }
}
