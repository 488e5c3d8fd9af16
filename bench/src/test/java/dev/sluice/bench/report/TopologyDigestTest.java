package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.topology.TopologyReader;
import org.junit.jupiter.api.Test;

class TopologyDigestTest {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: pair}
      spec:
        networks:
          - {name: red, subnets: [10.0.1.0/24]}
        endpoints:
          - name: client
            netns: left
            labels: {app: client, tier: front, zone: a}
            interfaces: [{network: red, name: eth0}]
          - name: server
            netns: right
            interfaces: [{network: red, name: eth0}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: server}
      spec:
        podSelector: {}
        ingress: [{ports: [{port: 443}]}]
      """;

  private static String digest(String text) {
    return TopologyDigest.of(TopologyReader.read("pair.yaml", text));
  }

  private static String changed(String from, String to) {
    assertThat(TOPOLOGY).contains(from);
    return digest(TOPOLOGY.replace(from, to));
  }

  /** In every process; where this changes, files of before are told to be of another topology. */
  @Test
  void itStaysTheSame() {
    assertThat(digest(TOPOLOGY)).isEqualTo("42899e8bb29296d1");
  }

  @Test
  void whatSaysTheSameHasTheSame() {
    assertThat(changed("spec:\n  networks:", "spec:\n  # two of them\n\n  networks:"))
        .isEqualTo(digest(TOPOLOGY));
    assertThat(
            changed("{app: client, tier: front, zone: a}", "{zone: a, tier: front, app: client}"))
        .isEqualTo(digest(TOPOLOGY));
    assertThat(changed("{port: 443}", "{protocol: TCP, port: 443}")).isEqualTo(digest(TOPOLOGY));
    assertThat(changed("spec:\n  networks:", "spec:\n  datapath: ebpf\n  networks:"))
        .isEqualTo(digest(TOPOLOGY));
  }

  @Test
  void whatDiffersInOneWordHasAnother() {
    assertThat(changed("port: 443", "port: 444")).isNotEqualTo(digest(TOPOLOGY));
    assertThat(changed("10.0.1.0/24", "10.0.0.0/23")).isNotEqualTo(digest(TOPOLOGY));
    assertThat(changed("zone: a", "zone: b")).isNotEqualTo(digest(TOPOLOGY));
    assertThat(changed("podSelector: {}", "podSelector: {matchLabels: {app: server}}"))
        .isNotEqualTo(digest(TOPOLOGY));
  }
}
