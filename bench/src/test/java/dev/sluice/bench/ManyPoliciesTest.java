package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party.EndpointParty;
import dev.sluice.core.policy.PolicyEvaluator;
import dev.sluice.core.policy.Verdict;
import dev.sluice.core.policy.Verdict.Decision.Allowed;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.TopologyReader;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of any topology's pair; what they are like is in {@code ManyRulesTest}. */
class ManyPoliciesTest {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: t}
      spec:
        namespaces: [{name: shop}]
        networks:
          - {name: red, subnets: [%1$s1%2$s]}
          - {name: blue, subnets: [%1$s2%2$s]}
        endpoints:
          - {name: a, netns: a, namespace: shop, interfaces: [{network: red, name: eth0}]}
          - {name: b, netns: b, interfaces: [{network: blue, name: eth0}]}
      """;

  private static Verdict verdict(Topology topology, Pair pair, int port) {
    return PolicyEvaluator.verdict(
        topology,
        new Flow(
            new EndpointParty(pair.client().name(), pair.clientAddress()),
            new EndpointParty(pair.server().name(), pair.serverAddress()),
            Protocol.TCP.number(),
            OptionalInt.of(port)));
  }

  @ParameterizedTest
  @CsvSource({"10.7., .0/24, 10", "10.7., .0/24, 1000", "fd00:7::, :0/112, 100"})
  void oneRuleOfEachSideLetsThePairThroughAndNoneAtOtherPorts(
      String before, String after, int rules) {
    String document = TOPOLOGY.formatted(before, after);
    Pair pair = Pair.of(TopologyReader.read("t.yaml", document));
    Topology topology =
        TopologyReader.read("t.yaml", document + ManyPolicies.of(pair, rules).text());
    assertThat(topology.policies().stream().mapToInt(p -> p.rules(Direction.INGRESS).size()).sum())
        .isEqualTo(rules);
    Verdict open = verdict(topology, pair, ManyPolicies.FIRST_OPEN);
    for (Allowed allowed : List.of((Allowed) open.egress(), (Allowed) open.ingress())) {
      assertThat(allowed.rules()).hasSize(1);
    }
    for (int port : List.of(ManyPolicies.FIRST_OPEN - 1, 1024)) {
      Verdict closed = verdict(topology, pair, port);
      assertThat(closed.egress()).isNotInstanceOf(Allowed.class);
      assertThat(closed.ingress()).isNotInstanceOf(Allowed.class);
    }
    int beyond = ManyPolicies.FIRST_OPEN + ManyPolicies.OPEN_PORTS;
    assertThat(verdict(topology, pair, beyond).allows()).isFalse();
  }

  @Test
  void theTopologyOfAFileIsTakenWithoutItsPolicies() {
    String policy = "---\nkind: NetworkPolicy\n";
    assertThat(TopologyDocument.of(policy + "---\nkind: Topology\nx: 1\n" + policy))
        .contains("kind: Topology\nx: 1");
    assertThat(TopologyDocument.of("{kind: Topology}")).isEmpty();
    assertThat(TopologyDocument.of(policy)).isEmpty();
  }
}
