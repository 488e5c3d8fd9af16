package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.check.CheckTarget;
import dev.sluice.core.check.EndpointPairs;
import dev.sluice.core.check.Expectation;
import dev.sluice.core.check.Expectations;
import dev.sluice.core.check.Expected;
import dev.sluice.core.check.Outcome;
import dev.sluice.core.check.Probe;
import dev.sluice.core.check.Probe.Kind;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.check.ProbeRound;
import dev.sluice.core.node.Node;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.topology.Topology;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All pairs of endpoints, each with itself, the node and its gateways, in both families, with ICMP
 * and every port that a policy mentions, the ends of ranges and the ports beside them, and what a
 * test says of its own. Every packet is held against the reference evaluator, and so is the test.
 */
final class PolicyMatrix {

  private final Topology topology;
  private final Expected evaluator;
  private final Set<Expectation> expectations;

  private PolicyMatrix(Topology topology) {
    this.topology = topology;
    this.evaluator = Expected.policies(topology);
    this.expectations =
        new LinkedHashSet<>(
            Expectations.of(topology, evaluator, EndpointPairs.of(topology, EndpointPairs.MOST)));
  }

  static PolicyMatrix of(String yaml) {
    return new PolicyMatrix(TestTopologies.read(yaml));
  }

  /** Each of {@code rows}, such as {@code a b TCP/80}, has to pass. */
  PolicyMatrix passes(String... rows) {
    return add(true, rows);
  }

  /** Each of {@code rows} has to be denied. */
  PolicyMatrix denies(String... rows) {
    return add(false, rows);
  }

  private PolicyMatrix add(boolean passes, String... rows) {
    for (String row : rows) {
      String[] words = row.split("[ /]", -1);
      Set<Probe> probes =
          expectations.stream()
              .map(Expectation::probe)
              .filter(p -> p.from().label().equals(words[0]) && p.to().label().equals(words[1]))
              .map(p -> of(p, Transport.valueOf(words[2]), Integer.parseInt(words[3])))
              .collect(Collectors.toCollection(LinkedHashSet::new));
      assertThat(probes)
          .as("%s %s, as the evaluator says", row, passes ? "passes" : "is denied")
          .isNotEmpty()
          .allMatch(p -> evaluator.passes(p) == passes);
      probes.forEach(p -> expectations.add(new Expectation(p, passes)));
    }
    return this;
  }

  private static Probe of(Probe like, Transport transport, int port) {
    Kind kind = like.kind() == Kind.MTU ? Kind.ENDPOINT : like.kind();
    return new Probe(
        like.from(),
        like.to(),
        like.source(),
        like.destination(),
        transport,
        port,
        kind,
        OptionalInt.empty());
  }

  /** Sends it all on a node where the topology runs; fails with each that did otherwise. */
  void send(Node node) {
    Map<String, Netns> open = new HashMap<>();
    try {
      topology.endpoints().forEach(e -> open.put(e.name(), Netns.open(node.published(e.netns()))));
      List<Outcome> outcomes = ProbeRound.quick(target(node, open), List.copyOf(expectations));
      assertThat(outcomes.stream().filter(o -> !o.agrees())).isEmpty();
    } finally {
      open.values().forEach(Netns::close);
    }
  }

  private static CheckTarget target(Node node, Map<String, Netns> open) {
    return new CheckTarget() {
      @Override
      public Netns node() {
        return node.netns();
      }

      @Override
      public Netns endpoint(String name) {
        return open.get(name);
      }
    };
  }
}
