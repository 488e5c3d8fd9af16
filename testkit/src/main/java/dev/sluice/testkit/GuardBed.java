package dev.sluice.testkit;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Layer3;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.DropReason;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A running topology of which endpoint a sends frames of every sort, as a workload with CAP_NET_RAW
 * can: a and b in network red, c in blue, d in both.
 */
final class GuardBed implements AutoCloseable {

  static final String NAME = "guard";

  static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: guard}
      spec:
        networks:
          - {name: red,  subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
          - {name: blue, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"]}
        endpoints:
          - name: a
            netns: a
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: b
            netns: b
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3, "fd00:0:0:1::3"]}]
          - name: c
            netns: c
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
          - name: d
            netns: d
            interfaces:
              - {network: red, name: eth0, addresses: [10.0.1.4, "fd00:0:0:1::4"]}
              - {network: blue, name: eth1, addresses: [10.0.2.4, "fd00:0:0:2::4"]}
      """;

  static final IpAddress A4 = IpAddress.parse("10.0.1.2");
  static final IpAddress B4 = IpAddress.parse("10.0.1.3");
  static final IpAddress C4 = IpAddress.parse("10.0.2.2");
  static final IpAddress D4 = IpAddress.parse("10.0.1.4");
  static final IpAddress GATEWAY4 = IpAddress.parse("10.0.1.1");
  static final IpAddress STRANGER4 = IpAddress.parse("10.0.1.77");
  static final IpAddress A6 = IpAddress.parse("fd00:0:0:1::2");
  static final IpAddress B6 = IpAddress.parse("fd00:0:0:1::3");
  static final IpAddress C6 = IpAddress.parse("fd00:0:0:2::2");
  static final IpAddress D6 = IpAddress.parse("fd00:0:0:1::4");
  static final IpAddress GATEWAY6 = IpAddress.parse("fd00:0:0:1::1");
  static final IpAddress STRANGER6 = IpAddress.parse("fd00:0:0:1::77");
  static final IpAddress ALL_NODES = IpAddress.parse("ff02::1");
  static final IpAddress ALL_ROUTERS = IpAddress.parse("ff02::2");
  static final MacAddress STRANGER = MacAddress.parse("02:00:00:00:00:77");

  private static final int DISCARD = 9;
  private static final int DISCOVERY_HOP_LIMIT = 255;

  private final Wire wire;
  private final Witnesses witnesses;
  private final Supplier<Counts> counts;
  private final boolean floods;
  private final MacAddress macOfB;
  private final MacAddress macOfD;
  private final MacAddress macOfGateway;
  private Batch batch = new Batch();
  private int datagrams;

  /**
   * On a node where {@link #TOPOLOGY} runs.
   *
   * @param floods whether what is for all neighbours gets to all
   */
  GuardBed(Node node, Supplier<Counts> counts, boolean floods) {
    this.counts = counts;
    this.floods = floods;
    this.macOfB = mac(node, "b");
    this.macOfD = mac(node, "d");
    this.wire = Wire.on(node, NetnsRef.named("a"), "eth0");
    this.macOfGateway = wire.resolve(A4, GATEWAY4);
    this.witnesses = Witnesses.ofFrames(node, List.of("b", "c", "d"));
  }

  private static MacAddress mac(Node node, String endpoint) {
    try (Wire there = Wire.on(node, NetnsRef.named(endpoint), "eth0")) {
      return there.link().mac().orElseThrow();
    }
  }

  MacAddress a() {
    return wire.link().mac().orElseThrow();
  }

  MacAddress b() {
    return macOfB;
  }

  MacAddress d() {
    return macOfD;
  }

  MacAddress gatewayMac() {
    return macOfGateway;
  }

  /** A datagram like no other one of this bed. */
  Layer4 datagram() {
    datagrams++;
    return Udp.of(DISCARD, DISCARD, Bytes.ofText("guarded datagram %d.".formatted(datagrams)));
  }

  /** A packet with a datagram. */
  Layer3 packet(IpAddress from, IpAddress to) {
    return packet(from, to, datagram());
  }

  static Layer3 packet(IpAddress from, IpAddress to, Layer4 payload) {
    return to.isV4() ? Ipv4.of(from, to, payload) : Ipv6.of(from, to, payload);
  }

  /** From a's MAC. */
  Ethernet frame(MacAddress to, Layer3 payload) {
    return new Ethernet(to, a(), payload);
  }

  /** From a's MAC, a packet with a datagram. */
  Ethernet frame(MacAddress to, IpAddress source, IpAddress destination) {
    return frame(to, packet(source, destination));
  }

  /** From a's MAC, a message of neighbour discovery as hosts believe it. */
  Ethernet discovery(IpAddress source, IpAddress destination, Icmpv6 message) {
    return discovery(Ipv6.of(source, destination, message));
  }

  Ethernet discovery(Ipv6 packet) {
    return frame(etherOf(packet.destination()), packet.withHopLimit(DISCOVERY_HOP_LIMIT));
  }

  private MacAddress etherOf(IpAddress destination) {
    return destination.bytes()[0] == (byte) 0xff ? group(destination) : macOfB;
  }

  /** The MAC of a multicast group (RFC 1112, RFC 2464). */
  static MacAddress group(IpAddress ip) {
    byte[] bytes = ip.bytes();
    int last = bytes.length;
    return MacAddress.of(
        ip.isV4()
            ? new byte[] {1, 0, 0x5e, (byte) (bytes[1] & 0x7f), bytes[2], bytes[3]}
            : new byte[] {
              0x33, 0x33, bytes[last - 4], bytes[last - 3], bytes[last - 2], bytes[last - 1]
            });
  }

  GuardBed passes(String what, String place, Ethernet frame) {
    batch.passes(what, Set.of(place), Batch.mark(frame.payload()), () -> wire.send(frame));
    return this;
  }

  /** What is for all is heard at {@code place}, or is for nobody; no drop is counted. */
  GuardBed announces(String what, String place, Ethernet frame) {
    Set<String> places = floods ? Set.of(place) : Set.of();
    batch.passes(what, places, Batch.mark(frame.payload()), () -> wire.send(frame));
    return this;
  }

  GuardBed drops(DropReason reason, String what, Ethernet frame) {
    batch.drops(reason, what, Batch.mark(frame.payload()), () -> wire.send(frame));
    return this;
  }

  /** Sends what has been said, and sees that all became of it that has to. */
  void run() {
    batch.run(witnesses, counts);
    batch = new Batch();
  }

  @Override
  public void close() {
    witnesses.close();
    wire.close();
  }
}
