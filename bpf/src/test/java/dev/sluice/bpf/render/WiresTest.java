package dev.sluice.bpf.render;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.topology.TopologyReader;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be together with a wire is refused by its path. */
class WiresTest {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: limits}
      spec:
        networks:
          - {name: one, subnets: [10.0.1.0/24]ONE}
          - {name: two, subnets: [10.0.2.0/24]TWO}
        endpoints:
          - name: e
            netns: e
            interfaces: [{network: one, name: eth0}, {network: two, name: eth1}]
            ports: [{name: http, port: 80PORT}]
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "none",
      value = {
        "parent: p0, gateway: 10.0.1.1; parent: p0, gateway: 10.0.2.1; ; spec.networks[1].parent",
        "parent: p0, gateway: 10.0.1.1, uplink: up0; ; ; spec.networks[0].uplink",
        "parent: p0, gateway: 10.0.1.1; ; publish: 80; spec.endpoints[0].ports[0].publish",
        "parent: p0, gateway: {node: 10.0.1.1}; parent: p1, gateway: 10.0.2.1; publish: 80; none",
        "parent: p0, gateway: 10.0.1.1; parent: p1, gateway: 10.0.2.1; ; none"
      })
  void whatCannotBeTogetherIsRefused(String one, String two, String port, String path) {
    String yaml =
        TOPOLOGY.replace("ONE", item(one)).replace("TWO", item(two)).replace("PORT", item(port));
    assertThat(Wires.refusals(TopologyReader.read("topology.yaml", yaml)))
        .extracting(Refusal::path)
        .containsExactlyElementsOf(path == null ? List.of() : List.of(path));
  }

  private static String item(String text) {
    return text == null || text.isEmpty() ? "" : ", " + text;
  }
}
