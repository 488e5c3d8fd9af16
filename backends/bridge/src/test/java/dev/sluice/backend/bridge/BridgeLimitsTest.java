package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.datapath.RefusedTopologyException;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.TestTopologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the bridge cannot honour it refuses by path, before it touches anything. */
@ExtendWith(NodeExtension.class)
class BridgeLimitsTest {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: limits}
      spec:
        networks:
          - {name: free, subnets: [10.0.1.0/24]}
          - {name: net, subnets: [10.0.2.0/24]NETWORK}
        endpoints:
          - name: one
            netns: one
            interfaces: [{network: free, name: eth0}, {network: net, name: eth1INTERFACE}]
            ports: [{name: http, port: 80}]
      SPEC
      """;

  private static String with(String place, String text) {
    String filled = TOPOLOGY.replace(place, place.equals("SPEC") ? "  " + text : ", " + text);
    return filled.replaceAll("NETWORK|INTERFACE|SPEC", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "INTERFACE; rate: {egress: 1mbit}; spec.endpoints[0].interfaces[1].rate",
        "NETWORK; parent: up0, gateway: {node: 10.0.2.1}; spec.networks[1].parent",
        "NETWORK; parent: up0, gateway: 10.0.2.1; spec.networks[1].gateway"
      })
  void aFieldThatItCannotHonourIsRefusedByItsPath(
      String place, String text, String path, Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Topologies topologies = TestTopologies.on(node, new BridgeDatapath());
    assertThatThrownBy(
            () ->
                topologies.apply(TestTopologies.declared(new BridgeDatapath(), with(place, text))))
        .isInstanceOf(RefusedTopologyException.class)
        .hasMessageContaining(path + ": ");
    before.assertUnchanged(node);
    assertThat(topologies.status()).isEmpty();
  }

  @Test
  void everythingElseIsAccepted(Node node) {
    Topologies topologies = TestTopologies.on(node, new BridgeDatapath());
    assertThat(
            topologies
                .apply(TestTopologies.declared(new BridgeDatapath(), with("SPEC", "")))
                .isEmpty())
        .isFalse();
  }

  @ParameterizedTest
  @CsvSource({"1023, true", "1024, false"})
  void aBridgeHasAtMost1023Ports(int endpoints, boolean accepted) {
    StringBuilder yaml =
        new StringBuilder(
            """
            apiVersion: sluice.dev/v1alpha1
            kind: Topology
            metadata: {name: ports}
            spec:
              networks: [{name: net, subnets: [10.0.0.0/16]}]
              endpoints:
            """);
    for (int i = 0; i < endpoints; i++) {
      yaml.append(
          "    - {name: e%1$d, netns: e%1$d, interfaces: [{network: net, name: eth0}]}\n"
              .formatted(i));
    }
    assertThat(BridgeLimits.refusals(TestTopologies.read(yaml.toString())))
        .hasSize(accepted ? 0 : 1)
        .allMatch(r -> r.path().equals("spec.networks[0]") && r.reason().contains("1023"));
  }
}
