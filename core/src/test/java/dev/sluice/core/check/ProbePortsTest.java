package dev.sluice.core.check;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.check.EndpointPairs.Pair;
import dev.sluice.core.check.Probe.Kind;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.check.ProbePorts.ProbePort;
import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.PolicyEvaluator;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.TopologyReader;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProbePortsTest {

  private static final int PLENTY = 100_000;

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
            ports: [{name: web, port: 81}, {name: dns, port: 53, protocol: UDP}]
          - name: b
            netns: b
            labels: {app: b}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3]}]
            ports: [{name: web, port: 82}]
          - name: c
            netns: c
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.4]}]
      """;

  private static Topology topology(String... policies) {
    return TopologyReader.read("t.yaml", ENDPOINTS + String.join("", policies));
  }

  /** Selects endpoint {@code app}, and lets everybody in at {@code ports}. */
  private static String policy(String app, String ports) {
    return """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: %1$s}
      spec:
        podSelector: {matchLabels: {app: %1$s}}
        ingress: [{ports: [%2$s]}]
      """
        .formatted(app, ports);
  }

  private static String single(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj("{port: %d}"::formatted).collect(joining(", "));
  }

  private static ProbePorts ports(Topology topology) {
    return ProbePorts.of(topology, EndpointPairs.of(topology, PLENTY));
  }

  private static List<String> all(String... policies) {
    return ports(topology(policies)).all().stream()
        .map(p -> p.transport() + " " + p.port())
        .toList();
  }

  @Test
  void withoutPoliciesNoPortIsMentioned() {
    assertThat(all()).isEmpty();
  }

  @Test
  void whatEndpointsAndRulesMention() {
    assertThat(all(policy("a", "{port: web}, {port: 443}, {port: 443, protocol: SCTP}")))
        .containsExactly("TCP 81", "TCP 82", "TCP 443", "UDP 53", "SCTP 443");
  }

  @Test
  void ofRangesTheirEndsAndWhatIsBesideThem() {
    assertThat(
            all(
                policy("a", "{port: 1, endPort: 9}, {protocol: UDP}"),
                policy("b", "{port: 65000, endPort: 65535, protocol: SCTP}")))
        .containsExactly(
            "TCP 1",
            "TCP 9",
            "TCP 10",
            "TCP 81",
            "TCP 82",
            "UDP 53",
            "SCTP 64999",
            "SCTP 65000",
            "SCTP 65535");
  }

  @Test
  void rulesOfADirectionThatIsNotIsolatedMentionNothing() {
    String egressOnly =
        policy("a", "{port: 443}").replace("spec:", "spec:\n  policyTypes: [Egress]");
    assertThat(all(egressOnly)).doesNotContain("TCP 443");
  }

  @Test
  void eachPairIsProbedAtEach() {
    Topology topology = topology(policy("a", "{port: 443}"));
    List<Expectation> expectations =
        Expectations.of(topology, Expected.policies(topology), EndpointPairs.of(topology, PLENTY));
    assertThat(lines(expectations, Kind.ENDPOINT))
        .contains(
            "a b TCP 9 true",
            "b a TCP 443 true",
            "b a TCP 9 false",
            "b a SCTP 9 false",
            "b a ICMP 0 false",
            "c a UDP 53 false",
            "c b UDP 53 true")
        .hasSize(6 * (4 + 4));
    assertThat(lines(expectations, Kind.GATEWAY))
        .contains("a node TCP 443 true", "a node SCTP 9 true")
        .hasSize(3 * (4 + 4));
    assertThat(lines(expectations, Kind.NODE)).contains("node a TCP 9 true").hasSize(3 * 4);
    assertThat(lines(expectations, Kind.SELF)).contains("a a TCP 9 true").hasSize(3 * 4);
    assertThat(lines(expectations, Kind.MTU)).contains("b a ICMP 0 false", "a b ICMP 0 true");
  }

  /** To judge a flow the evaluator is shown no more of the topology than concerns it. */
  @Test
  void whatIsExpectedIsWhatTheEvaluatorSaysOfTheWholeTopology() {
    Topology topology =
        topology(
            policy("a", "{port: web}"),
            policy("b", "{port: 1, endPort: 9}"),
            policy("c", "{port: 443}").replace("matchLabels: {app: c}", ""));
    List<Expectation> expectations =
        Expectations.of(topology, Expected.policies(topology), EndpointPairs.of(topology, PLENTY));
    for (Expectation expectation : expectations) {
      Probe probe = expectation.probe();
      if (probe.kind() == Kind.ENDPOINT && probe.transport() == Transport.TCP) {
        Flow flow =
            new Flow(
                new Party.EndpointParty(probe.from().label(), probe.source()),
                new Party.EndpointParty(probe.to().label(), probe.destination()),
                6,
                OptionalInt.of(probe.port()));
        assertThat(expectation.passes())
            .isEqualTo(PolicyEvaluator.verdict(topology, flow).allows());
      }
    }
    assertThat(lines(expectations, Kind.ENDPOINT))
        .contains("c a TCP 81 true", "c a TCP 443 true", "a c TCP 443 true", "a c TCP 81 false");
  }

  private static List<String> lines(List<Expectation> expectations, Kind kind) {
    return expectations.stream()
        .filter(e -> e.probe().kind() == kind)
        .map(
            e ->
                "%s %s %s %d %s"
                    .formatted(
                        e.probe().from().label(),
                        e.probe().to().label(),
                        e.probe().transport(),
                        e.probe().port(),
                        e.passes()))
        .toList();
  }

  @Test
  void ofTooManyEachPairGetsThoseThatConcernItAndOthersInTurn() {
    Topology topology =
        topology(policy("a", single(100, 10_099)), policy("b", single(20_000, 29_999)));
    EndpointPairs pairs = EndpointPairs.of(topology, PLENTY);
    ProbePorts ports = ProbePorts.of(topology, pairs);
    assertThat(ports.all()).hasSize(20_003);
    // To six destinations and three gateways.
    assertThat(ports.most()).isEqualTo(ProbePorts.MOST / 9);
    Set<List<ProbePort>> toC = new HashSet<>();
    for (Pair pair : pairs.pairs()) {
      List<ProbePort> between = ports.between(pair);
      assertThat(between).doesNotHaveDuplicates().hasSize(ports.most());
      if (pair.to().name().equals("b")) {
        // Its own port may be among them, and those of the policy that isolates it.
        assertThat(between).filteredOn(p -> p.port() < 20_000).hasSizeLessThanOrEqualTo(1);
      } else if (pair.to().name().equals("c")) {
        toC.add(between);
      }
    }
    assertThat(toC).hasSize(2);
    assertThat(ports.toNode(topology.endpoints().get(0))).hasSize(ports.most());
  }
}
