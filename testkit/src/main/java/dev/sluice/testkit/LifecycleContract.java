package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of a node when topologies come, change and go. */
abstract class LifecycleContract extends Contract {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: life}
      spec:
        networks:
          - {name: red,  subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
          - {name: blue, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"]}
        endpoints:
          - name: a
            netns: a
            interfaces:
              - network: red
                name: eth0
                mac: "02:00:00:00:aa:01"
                addresses: [10.0.1.2, "fd00:0:0:1::2"]
          - name: b
            netns: b
            interfaces:
              - {network: blue, name: port0}
              - {network: red, name: port1}
      """;

  private static final NetnsRef A = NetnsRef.named("a");
  private static final NetnsRef B = NetnsRef.named("b");

  @Test
  void anEndpointHasWhatWasDeclared(Node node) {
    apply(node, TOPOLOGY);
    assertThat(Shell.in(node, A, "ip -o addr show dev eth0").orFail())
        .contains("10.0.1.2/24")
        .contains("fd00:0:0:1::2/64");
    assertThat(Shell.in(node, A, "ip -o link show dev eth0").orFail())
        .contains("mtu 1500")
        .contains("link/ether 02:00:00:00:aa:01");
    assertThat(Shell.in(node, B, "ip -o link show").orFail()).contains("port0").contains("port1");
  }

  @Test
  void theSameAgainChangesNothing(Node node) {
    assertThat(apply(node, TOPOLOGY).isEmpty()).isFalse();
    NodeSnapshot before = NodeSnapshot.of(node);
    assertThat(topologies(node).plan(TestTopologies.declared(datapath(), TOPOLOGY)).steps())
        .isEmpty();
    assertThat(apply(node, TOPOLOGY).steps()).isEmpty();
    assertThat(topologies(node).status())
        .singleElement()
        .matches(s -> s.drift() == 0 && s.endpoints() == 2 && s.topology().equals("life"));
    before.assertUnchanged(node);
  }

  @Test
  void aPlanChangesNothing(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Topologies topologies = topologies(node);
    assertThat(topologies.plan(TestTopologies.declared(datapath(), TOPOLOGY)).isEmpty()).isFalse();
    before.assertUnchanged(node);
    assertThat(topologies.status()).isEmpty();
  }

  @Test
  void destroyLeavesTheNodeAsItWas(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    apply(node, TOPOLOGY);
    Topologies topologies = topologies(node);
    topologies.destroy("life");
    before.assertUnchanged(node);
    assertThat(topologies.status()).isEmpty();
    assertThatThrownBy(() -> topologies.destroy("life"))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("no topology life");
  }

  @Test
  void whatEndpointsDidAndLearntMeanwhileGoesToo(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    apply(node, TOPOLOGY);
    assertAnswers(node, A, "10.0.1.1");
    Shell.in(node, A, "ip addr add 10.9.9.9/32 dev lo; ip link add x type veth peer name y")
        .orFail();
    topologies(node).destroy("life");
    before.assertUnchanged(node);
  }

  @Test
  void aChangeLeavesTheRestAlone(Node node) {
    apply(node, TOPOLOGY);
    assertHasCarrier(node, A);
    String before = Shell.in(node, A, "ip -o link show; ip addr show; ip route").orFail();
    apply(node, TOPOLOGY.replace("      - {network: red, name: port1}\n", ""));
    assertThat(Shell.in(node, A, "ip -o link show; ip addr show; ip route").orFail())
        .isEqualTo(before);
    assertThat(Shell.in(node, B, "ip -o link show").orFail())
        .contains("port0")
        .doesNotContain("port1");
    assertThat(apply(node, TOPOLOGY).isEmpty()).isFalse();
    assertAnswers(node, B, "10.0.1.2");
  }

  /** The kernel tells interfaces of a carrier by linkwatch, some time after they went up. */
  private static void assertHasCarrier(Node node, NetnsRef where) {
    Shell.in(
            node,
            where,
            "timeout 4 sh -c 'until ip -6 -o addr show scope link | grep -q fe80; do sleep 0.02; done'")
        .orFail();
  }

  @Test
  void anEndpointMayChangeItsNameAndKeepItsInterface(Node node) {
    apply(node, TOPOLOGY);
    String renamed = TOPOLOGY.replace("- name: a\n", "- name: renamed\n");
    apply(node, renamed);
    assertAnswers(node, A, "10.0.2.1");
    assertThat(topologies(node).plan(TestTopologies.declared(datapath(), renamed)).steps())
        .isEmpty();
  }

  @Test
  void oneOfTwoTopologiesGoesAndTheOtherStays(Node node) {
    String other =
        TOPOLOGY
            .replace("life", "other")
            .replace("10.0.", "10.1.")
            .replace("fd00:0:0:", "fd00:0:1:")
            .replace("02:00:00:00:aa:01", "02:00:00:00:aa:02")
            .replace("netns: a", "netns: other-a")
            .replace("netns: b", "netns: other-b");
    apply(node, TOPOLOGY);
    NodeSnapshot before = NodeSnapshot.of(node);
    apply(node, other);
    topologies(node).destroy("other");
    before.assertUnchanged(node);
    assertThat(topologies(node).status()).hasSize(1);
    for (String to : List.of("10.0.2.1", "fd00:0:0:2::1")) {
      assertAnswers(node, A, to);
    }
  }
}
