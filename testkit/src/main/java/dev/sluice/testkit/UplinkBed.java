package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Udp;
import dev.sluice.testkit.Service.Client;
import java.time.Duration;
import java.util.Optional;

/**
 * Two networks with one uplink, of which one is masqueraded, and one without; beyond the uplink
 * somebody who knows the way to all of them.
 */
abstract class UplinkBed extends Contract {

  static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: ways}
      spec:
        networks:
          - {name: red,   subnets: [10.0.1.0/24, "fd00:0:0:1::/64"], uplink: up0, masquerade: true}
          - {name: blue,  subnets: [10.0.2.0/24, "fd00:0:0:2::/64"], uplink: up0}
          - {name: green, subnets: [10.0.3.0/24, "fd00:0:0:3::/64"]}
        endpoints:
          - name: hidden
            netns: hidden
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: plain
            netns: plain
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
          - name: inner
            netns: inner
            interfaces: [{network: green, name: eth0, addresses: [10.0.3.2, "fd00:0:0:3::2"]}]
      """;

  static final String OTHER =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: other}
      spec:
        networks:
          - {name: net, subnets: [10.0.9.0/24, "fd00:0:0:9::/64"], uplink: up0}
        endpoints:
          - name: other
            netns: other
            interfaces: [{network: net, name: eth0, addresses: [10.0.9.2, "fd00:0:0:9::2"]}]
      """;

  static final NetnsRef HIDDEN = NetnsRef.named("hidden");
  static final NetnsRef PLAIN = NetnsRef.named("plain");
  static final NetnsRef INNER = NetnsRef.named("inner");
  static final Udp DATAGRAM = Udp.of(9, 9, Bytes.ofText("is anybody there?"));

  static Outside outside(Node node) {
    return Outside.connect(node, "up0", "outside", "192.0.2", "2001:db8")
        .asDefault()
        .knows("10.0.0.0/16")
        .knows("fd00::/48");
  }

  /** Beyond another interface of the node, which no network names. */
  static Outside elsewhere(Node node) {
    return Outside.connect(node, "other0", "elsewhere", "198.51.100", "2001:db8:1")
        .knows("10.0.0.0/16")
        .knows("fd00::/48");
  }

  static IpAddress hidden(boolean v4) {
    return ip(v4 ? "10.0.1.2" : "fd00:0:0:1::2");
  }

  static IpAddress plain(boolean v4) {
    return ip(v4 ? "10.0.2.2" : "fd00:0:0:2::2");
  }

  static IpAddress inner(boolean v4) {
    return ip(v4 ? "10.0.3.2" : "fd00:0:0:3::2");
  }

  /** Whom a service knows {@code from} as, by TCP and by UDP alike; empty if it gets no answer. */
  static Optional<IpAddress> seen(
      Node node, NetnsRef from, NetnsRef where, IpAddress address, Duration patience) {
    Optional<IpAddress> tcp =
        new Service(node, where, address, 80).tcp(new Client(from, address, 80), patience);
    Optional<IpAddress> udp =
        new Service(node, where, address, 53).udp(new Client(from, address, 53), patience);
    assertThat(udp).as("%s to %s by UDP, as by TCP", from, address).isEqualTo(tcp);
    return tcp;
  }

  static Optional<IpAddress> seenOutside(Outside outside, NetnsRef from, boolean v4) {
    return seen(outside.node(), from, outside.netns(), outside.address(v4), Service.SOON);
  }

  static void assertNoWay(Node node, NetnsRef from, NetnsRef to, IpAddress address) {
    assertThat(seen(node, from, to, address, Service.NEVER)).as("%s to %s", from, to).isEmpty();
  }

  /** Whether a datagram that {@code from} sends as {@code sender} gets to {@code to}. */
  static void assertArrives(
      boolean wanted,
      Node node,
      NetnsRef from,
      IpAddress sender,
      NetnsRef to,
      IpAddress destination) {
    try (Wire wire = Wire.on(node, to, "eth0")) {
      Wire.sendIp(node, from, sender, destination, DATAGRAM);
      Optional<Ethernet> frame =
          wire.await(UplinkContract::isOurs, wanted ? Service.SOON : Service.NEVER);
      assertThat(frame.isPresent())
          .as("%s sends as %s to %s", from, sender, destination)
          .isEqualTo(wanted);
    }
  }

  static boolean isOurs(Ethernet frame) {
    return (frame.payload() instanceof Ipv4 v4 && isOurs(v4.payload()))
        || (frame.payload() instanceof Ipv6 v6 && isOurs(v6.payload()));
  }

  /** The source port may have been translated. */
  static boolean isOurs(Object payload) {
    return payload instanceof Udp udp && udp.payload().equals(DATAGRAM.payload());
  }

  /** How many packets were dropped for a reason, at the edge of the topology. */
  static long dropped(Node node, String reason) {
    String counter =
        Shell.inNode(node, "nft list counter inet sluice-ways/nat drop/" + reason).orFail();
    return Long.parseLong(counter.replaceAll("(?s).*packets (\\d+).*", "$1"));
  }
}
