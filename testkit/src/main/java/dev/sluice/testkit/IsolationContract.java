package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.kernel.ConflictingWishesException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Udp;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topologies, and what else the node is connected to, are strangers to one another. */
abstract class IsolationContract extends Contract {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: %1$s}
      spec:
        networks:
          - {name: net, subnets: [10.%2$s.0.0/24, "fd00:0:0:%2$s::/64"]}
        endpoints:
          - name: one
            netns: %1$s-one
            interfaces:
              - {network: net, name: eth0, addresses: [10.%2$s.0.2, "fd00:0:0:%2$s::2"]}
      """;

  private static final String FIRST = TOPOLOGY.formatted("first", "1");
  private static final String SECOND = TOPOLOGY.formatted("second", "2");
  private static final NetnsRef IN_FIRST = NetnsRef.named("first-one");
  private static final NetnsRef IN_SECOND = NetnsRef.named("second-one");
  private static final NetnsRef OUTSIDE = NetnsRef.named("outside");
  private static final Duration NEVER = Duration.ofMillis(300);
  private static final Udp DATAGRAM = Udp.of(9, 9, Bytes.ofText("is anybody there?"));

  @Test
  void topologiesOfOneNodeDoNotReachEachOther(Node node) {
    apply(node, FIRST);
    apply(node, SECOND);
    assertAnswers(node, NetnsRef.NODE, "10.1.0.2");
    assertAnswers(node, NetnsRef.NODE, "10.2.0.2");
    assertNothingArrives(node, IN_FIRST, "10.1.0.2", IN_SECOND, "10.2.0.2");
    assertNothingArrives(node, IN_SECOND, "fd00:0:0:2::2", IN_FIRST, "fd00:0:0:1::2");
  }

  /**
   * A node that forwards for others, as any container host does, forwards neither for endpoints nor
   * to them.
   */
  @ParameterizedTest
  @ValueSource(strings = {"0", "1"})
  void theNodesUplinkIsNoWayOutAndNoWayIn(String forwarding, Node node) {
    // A router behind the node, which the node's default routes lead to and which knows the way
    // back.
    Outside.connect(node, "uplink", "outside", "192.0.2", "2001:db8")
        .asDefault()
        .knows("10.1.0.0/24")
        .knows("fd00:0:0:1::/64");
    Shell.inNode(
            node,
            "sysctl -qw net.ipv4.ip_forward=%1$s net.ipv6.conf.all.forwarding=%1$s"
                .formatted(forwarding))
        .orFail();
    apply(node, FIRST);
    assertAnswers(node, OUTSIDE, "192.0.2.1");
    assertAnswers(node, OUTSIDE, "2001:db8::1");
    assertNothingArrives(node, IN_FIRST, "10.1.0.2", OUTSIDE, "192.0.2.2");
    assertNothingArrives(node, IN_FIRST, "10.1.0.2", OUTSIDE, "203.0.113.1");
    assertNothingArrives(node, IN_FIRST, "fd00:0:0:1::2", OUTSIDE, "2001:db8::2");
    assertNothingArrives(node, IN_FIRST, "fd00:0:0:1::2", OUTSIDE, "2001:db8:1::1");
    assertNothingArrives(node, OUTSIDE, "192.0.2.2", IN_FIRST, "10.1.0.2");
    assertNothingArrives(node, OUTSIDE, "2001:db8::2", IN_FIRST, "fd00:0:0:1::2");
  }

  private static void assertNothingArrives(
      Node node, NetnsRef from, String sender, NetnsRef to, String destination) {
    try (Wire wire = Wire.on(node, to, "eth0")) {
      Wire.sendIp(node, from, ip(sender), ip(destination), DATAGRAM);
      assertThat(wire.await(IsolationContract::isOurs, NEVER))
          .as("%s sends to %s", from, destination)
          .isEmpty();
    }
  }

  private static boolean isOurs(Ethernet frame) {
    return (frame.payload() instanceof Ipv4 v4 && v4.payload().equals(DATAGRAM))
        || (frame.payload() instanceof Ipv6 v6 && v6.payload().equals(DATAGRAM));
  }

  @Test
  void twoTopologiesThatWantOneSubnetAreRefusedByTheirNames(Node node) {
    apply(node, FIRST);
    NodeSnapshot before = NodeSnapshot.of(node);
    assertThatThrownBy(() -> apply(node, TOPOLOGY.formatted("third", "1")))
        .isInstanceOf(ConflictingWishesException.class)
        .hasMessageContaining("first")
        .hasMessageContaining("third")
        .hasMessageContaining("10.1.0");
    before.assertUnchanged(node);
  }

  @Test
  void twoTopologiesThatWantOneInterfaceAreRefusedByTheirNames(Node node) {
    apply(node, FIRST);
    NodeSnapshot before = NodeSnapshot.of(node);
    assertThatThrownBy(() -> apply(node, SECOND.replace("netns: second-one", "netns: first-one")))
        .isInstanceOf(ConflictingWishesException.class)
        .hasMessageContaining("first")
        .hasMessageContaining("second")
        .hasMessageContaining("eth0");
    before.assertUnchanged(node);
  }

  @Test
  void nodesWithTheSameNamesAndAddressesDoNotMeet(Node one, Node other) {
    apply(one, FIRST);
    NodeSnapshot before = NodeSnapshot.of(one);
    apply(other, FIRST);
    apply(other, SECOND);
    before.assertUnchanged(one);
    topologies(other).destroy("first");
    before.assertUnchanged(one);
    assertAnswers(one, NetnsRef.NODE, "10.1.0.2");
    assertSilent(one, NetnsRef.NODE, "10.2.0.2");
  }
}
