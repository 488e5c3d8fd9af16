package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** a and b in one network, c in another, of the MTUs that a test gives. */
abstract class MtuContract extends Contract {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: mtu}
      spec:
        networks:
          - {name: red,  subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]%s}
          - {name: blue, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"]%s}
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
      """;

  private static final NetnsRef A = NetnsRef.named("a");
  private static final NetnsRef B = NetnsRef.named("b");
  private static final NetnsRef C = NetnsRef.named("c");
  private static final int DEFAULT = 1500;
  private static final int ECHO = 8;
  private static final int BULK = 4 << 20;

  /** What veth lets pass beyond its MTU, for the sake of a VLAN tag. */
  private static final int TAG = 4;

  private static String topology(int red, int blue) {
    return TOPOLOGY.formatted(mtu(red), mtu(blue));
  }

  /** The default is left out. */
  private static String mtu(int mtu) {
    return mtu == DEFAULT ? "" : ", mtu: " + mtu;
  }

  @ParameterizedTest
  @ValueSource(ints = {1280, DEFAULT, 9000})
  void aPacketOfTheMtuPassesAndOneByteMoreDoesNotLeave(int mtu, Node node) {
    apply(node, topology(mtu, mtu));
    for (String to : new String[] {"10.0.1.3", "10.0.1.1", "10.0.2.2"}) {
      assertLimit(node, to, mtu - Ipv4.HEADER - ECHO);
    }
    for (String to : new String[] {"fd00:0:0:1::3", "fd00:0:0:1::1", "fd00:0:0:2::2"}) {
      assertLimit(node, to, mtu - Ipv6.HEADER - ECHO);
    }
  }

  /** The sender has cut it for its own network, and the node cuts each piece again. */
  @Test
  void aPacketInPiecesGetsIntoANarrowerNetwork(Node node) {
    apply(node, topology(9000, DEFAULT));
    assertThat(ping(node, A, "-w 4 -i 0.2 -M dont -s 20000", "10.0.2.2"))
        .matches(r -> r.status() == 0);
    assertThat(ping(node, C, "-w 4 -i 0.2 -M dont -s 20000", "10.0.1.2"))
        .matches(r -> r.status() == 0);
  }

  private static void assertLimit(Node node, String to, int data) {
    assertThat(ping(node, A, "-w 4 -i 0.2 -M do -s " + data, to))
        .as("%d bytes to %s", data, to)
        .matches(r -> r.status() == 0);
    assertThat(vainPing(node, A, "-M do -s " + (data + 1), to))
        .as("%d bytes to %s", data + 1, to)
        .matches(r -> r.status() != 0 && r.output().contains("message too long"));
  }

  @Test
  void aNarrowerNetworkOnTheWayTellsTheSender(Node node) {
    apply(node, topology(9000, 1280));
    assertTold(node, "10.0.2.2", f -> f.payload() instanceof Ipv4 p && isTooBig(p, 1280));
    assertTold(node, "fd00:0:0:2::2", f -> f.payload() instanceof Ipv6 p && isTooBig(p, 1280));
  }

  private static void assertTold(Node node, String to, Predicate<Ethernet> tooBig) {
    try (Wire wire = Wire.on(node, A, "eth0")) {
      assertThat(vainPing(node, A, "-M do -s 4000", to)).matches(r -> r.status() != 0);
      assertThat(wire.await(tooBig, Duration.ofSeconds(2))).isPresent();
    }
  }

  /** RFC 1191: the next hop's MTU is the low half of the header's rest. */
  private static boolean isTooBig(Ipv4 packet, int mtu) {
    return packet.payload() instanceof Icmp icmp
        && icmp.type() == Icmp.UNREACHABLE
        && icmp.code() == Icmp.FRAGMENTATION_NEEDED
        && (icmp.rest() & 0xffff) == mtu;
  }

  private static boolean isTooBig(Ipv6 packet, int mtu) {
    return packet.payload() instanceof Icmpv6 icmp
        && icmp.type() == Icmpv6.PACKET_TOO_BIG
        && icmp.rest() == mtu;
  }

  @Test
  void bulkTcpFindsItsWayBetweenDifferentMtus(Node node) {
    apply(node, topology(9000, 1280));
    Conversation conversation = new Conversation(node);
    conversation.tcp(A, C, ip("10.0.2.2"), BULK);
    conversation.tcp(C, A, ip("10.0.1.2"), BULK);
    conversation.tcp(A, C, ip("fd00:0:0:2::2"), BULK);
    conversation.tcp(C, A, ip("fd00:0:0:1::2"), BULK);
  }

  @Test
  void aChangedMtuIsAppliedToARunningTopology(Node node) {
    apply(node, topology(DEFAULT, DEFAULT));
    apply(node, topology(9000, 9000));
    assertLimit(node, "10.0.2.2", 9000 - Ipv4.HEADER - ECHO);
    apply(node, topology(1280, 1280));
    assertLimit(node, "10.0.2.2", 1280 - Ipv4.HEADER - ECHO);
    assertLimit(node, "fd00:0:0:2::2", 1280 - Ipv6.HEADER - ECHO);
  }

  /**
   * The MTU of its own interface is a workload's to change, where the kernel lets it; that of its
   * network is not.
   */
  @ParameterizedTest
  @ValueSource(ints = {DEFAULT + TAG + 1, 9000})
  void whoRaisesItsMtuGetsNoLongerFrameThrough(int length, Node node) {
    apply(node, topology(DEFAULT, DEFAULT));
    Shell.Result raised = Shell.in(node, A, "ip link set eth0 mtu 9000");
    // A macvlan's is never more than its parent's.
    assertThat(raised.status() == 0 || raised.output().contains("Invalid argument"))
        .as(raised.output())
        .isTrue();
    try (Wire neighbour = Wire.on(node, B, "eth0");
        Wire beyond = Wire.on(node, C, "eth0")) {
      for (String to : new String[] {"10.0.1.3", "10.0.1.1", "10.0.2.2"}) {
        assertNoLonger(node, to, length - Ipv4.HEADER - ECHO);
      }
      for (String to : new String[] {"fd00:0:0:1::3", "fd00:0:0:1::1", "fd00:0:0:2::2"}) {
        assertNoLonger(node, to, length - Ipv6.HEADER - ECHO);
      }
      assertThat(neighbour.await(MtuContract::isLonger, Duration.ZERO)).isEmpty();
      assertThat(beyond.await(MtuContract::isLonger, Duration.ZERO)).isEmpty();
    }
  }

  /** A packet of the MTU is answered, and so comes after what was sent before. */
  private static void assertNoLonger(Node node, String to, int data) {
    assertThat(vainPing(node, A, "-M do -s " + data, to))
        .as("%d bytes to %s", data, to)
        .matches(r -> r.status() != 0);
    int header = to.contains(":") ? Ipv6.HEADER : Ipv4.HEADER;
    assertThat(ping(node, A, "-w 4 -i 0.2 -M do -s " + (DEFAULT - header - ECHO), to))
        .as("a packet of the MTU to %s", to)
        .matches(r -> r.status() == 0);
  }

  private static boolean isLonger(Ethernet frame) {
    return frame.payload().encode().length > DEFAULT;
  }
}
