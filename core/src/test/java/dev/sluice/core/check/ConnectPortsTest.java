package dev.sluice.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.TopologyReader;
import java.util.Locale;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ConnectPortsTest {

  private static final String ENDPOINTS =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: t}
      spec:
        networks: [{name: red, subnets: [10.0.1.0/24]}]
        endpoints:
          - name: a
            netns: a
            labels: {app: a}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2]}]
            ports: [{name: web, port: 20000}, {name: dns, port: 20001, protocol: UDP}]
          - name: b
            netns: b
            labels: {app: b}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3]}]
            ports: [{name: web, port: 82}]
      """;

  /** Isolates endpoint {@code app} in a direction, but for {@code rules}. */
  private static String policy(String app, String direction, String rules) {
    return """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: %s-%s}
      spec:
        podSelector: {matchLabels: {app: %1$s}}
        policyTypes: [%s]
        %s: [%s]
      """
        .formatted(
            app,
            direction.toLowerCase(Locale.ROOT),
            direction,
            direction.toLowerCase(Locale.ROOT),
            rules);
  }

  private static OptionalInt fromAToB(String... policies) {
    Topology topology = TopologyReader.read("t.yaml", ENDPOINTS + String.join("", policies));
    Endpoint a = topology.endpoints().get(0);
    Endpoint b = topology.endpoints().get(1);
    return ConnectPorts.of(topology, Transport.TCP)
        .between(
            new EndpointPairs.Pair(a, b),
            a.interfaces().get(0).addresses().get(0),
            b.interfaces().get(0).addresses().get(0));
  }

  @Test
  void whereNothingIsIsolatedOneThatNobodyMentions() {
    assertThat(fromAToB()).hasValue(20_000);
    // Ports of endpoints say something only where there are policies.
    assertThat(fromAToB(policy("a", "Ingress", "{ports: [{port: 20001}]}"))).hasValue(20_002);
  }

  @Test
  void aNumberANameOrTheEndOfARangeWhereOnlyThatIsAllowed() {
    assertThat(fromAToB(policy("b", "Ingress", "{ports: [{port: 443}]}"))).hasValue(443);
    assertThat(fromAToB(policy("b", "Ingress", "{ports: [{port: web}]}"))).hasValue(82);
    assertThat(fromAToB(policy("b", "Ingress", "{ports: [{port: 7000, endPort: 7009}]}")))
        .hasValue(7000);
  }

  @Test
  void bothDirectionsHaveToAllowIt() {
    String egress = policy("a", "Egress", "{ports: [{port: 100, endPort: 200}]}");
    assertThat(fromAToB(egress, policy("b", "Ingress", "{ports: [{port: 150, endPort: 300}]}")))
        .hasValue(150);
    assertThat(fromAToB(egress, policy("b", "Ingress", "{ports: [{port: 300}]}"))).isEmpty();
  }

  @Test
  void otherProtocolsDoNotHelp() {
    assertThat(fromAToB(policy("b", "Ingress", "{ports: [{port: 53, protocol: UDP}]}"))).isEmpty();
  }
}
