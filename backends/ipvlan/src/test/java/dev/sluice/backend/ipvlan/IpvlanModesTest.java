package dev.sluice.backend.ipvlan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.datapath.RefusedTopologyException;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.TestTopologies;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The kernel has one mode for all ipvlans of a parent. No two endpoints share one, so networks of
 * each mode are side by side; the device of a wire is shared, and can have one mode alone.
 */
@ExtendWith(NodeExtension.class)
@Tag("kernels")
@Tag("ipvlan")
@Tag("sliced")
@Timeout(600)
class IpvlanModesTest {

  private static final String MIXED =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: mixed}
      spec:
        networks:
          - {name: two, subnets: [10.0.1.0/24, "fd00:0:0:1::/64"], ipvlan: {mode: l2}}
          - {name: three, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"], ipvlan: {mode: l3}}
          - {name: threes, subnets: [10.0.3.0/24, "fd00:0:0:3::/64"], ipvlan: {mode: l3s}}
        endpoints:
          - name: a
            netns: a
            interfaces: [{network: two, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: b
            netns: b
            interfaces: [{network: three, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
          - name: c
            netns: c
            interfaces: [{network: threes, name: eth0, addresses: [10.0.3.2, "fd00:0:0:3::2"]}]
      """;

  private static final String ON_A_WIRE =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: NAME}
      spec:
        networks:
          - {name: red, subnets: [10.0.1.0/24], parent: up0, gateway: 10.0.1.1, ipvlan: {mode: MODE}}
        endpoints:
          - {name: NAME, netns: NAME, interfaces: [{network: red, name: eth0, addresses: [ADDRESS]}]}
      """;

  private static void apply(Topologies topologies, String yaml) {
    topologies.apply(TestTopologies.declared(new IpvlanDatapath(), yaml));
  }

  private static String onAWire(String name, String mode, String address) {
    return ON_A_WIRE.replace("NAME", name).replace("MODE", mode).replace("ADDRESS", address);
  }

  @Test
  void networksOfAllModesAreSideBySide(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Topologies topologies = TestTopologies.on(node, new IpvlanDatapath());
    apply(topologies, MIXED);
    for (String from : List.of("a", "b", "c")) {
      for (int to = 1; to <= 3; to++) {
        for (String address : List.of("10.0." + to + ".2", "fd00:0:0:" + to + "::2")) {
          assertThat(Shell.in(node, from, "ping -n -c 1 -w 4 -i 0.2 " + address).status())
              .as("%s pings %s", from, address)
              .isZero();
        }
      }
    }
    topologies.destroy("mixed");
    before.assertUnchanged(node);
  }

  @Test
  void aModeThatASharedParentCannotHaveIsRefusedBeforeTheFirstStep(Node node) {
    Shell.inNode(
            node,
            """
            set -e
            touch %1$s
            unshare --net=%1$s true
            ip link add up0 type veth peer name eth0 netns /proc/self/fd/3 3<%1$s
            ip link set up0 up
            nsenter --net=%1$s ip link set eth0 up
            nsenter --net=%1$s ip addr add 10.0.1.1/24 dev eth0
            """
                .formatted(node.published("router")))
        .orFail();
    Topologies topologies = TestTopologies.on(node, new IpvlanDatapath());
    apply(topologies, onAWire("first", "l2", "10.0.1.2"));
    NodeSnapshot before = NodeSnapshot.of(node);
    for (String mode : List.of("l3", "l3s")) {
      assertThatThrownBy(() -> apply(topologies, onAWire("second", mode, "10.0.1.3")))
          .isInstanceOf(RefusedTopologyException.class)
          .hasMessageContaining("spec.networks[0].parent: in ipvlan mode " + mode);
    }
    before.assertUnchanged(node);
    assertThat(Shell.in(node, "first", "ping -n -c 1 -w 4 -i 0.2 10.0.1.1").status()).isZero();
  }
}
