package dev.sluice.bench.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party.EndpointParty;
import dev.sluice.core.policy.PolicyEvaluator;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.policy.Verdict;
import dev.sluice.core.policy.Verdict.Decision.Allowed;
import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.NetworkPolicy.Peer.Block;
import dev.sluice.core.topology.NetworkPolicy.PortMatch;
import dev.sluice.core.topology.NetworkPolicy.Rule;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.TopologyReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the rules under measurement are what their Javadoc says. */
class ManyRulesTest {

  private static Topology read(ManyRules rules) {
    return TopologyReader.read("rules.yaml", rules.text());
  }

  private static List<Rule> rules(Topology topology, Direction direction) {
    return topology.policies().stream()
        .map(policy -> policy.rules(direction))
        .flatMap(List::stream)
        .toList();
  }

  private static Verdict verdict(Topology topology, Protocol protocol, int port) {
    Flow flow =
        new Flow(
            new EndpointParty("client", IpAddress.parse(ManyRules.CLIENT_ADDRESS)),
            new EndpointParty("server", IpAddress.parse(ManyRules.SERVER_ADDRESS)),
            protocol.number(),
            OptionalInt.of(port));
    return PolicyEvaluator.verdict(topology, flow);
  }

  private static boolean allows(ManyRules rules, int port) {
    Topology topology = read(rules);
    boolean tcp = verdict(topology, Protocol.TCP, port).allows();
    assertThat(verdict(topology, Protocol.UDP, port).allows()).isEqualTo(tcp);
    return tcp;
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 1_000})
  void thereAreAsManyAsAskedForAndHalfAsManyInEgress(int count) {
    ManyRules many = ManyRules.of(count);
    Topology topology = read(many);
    assertThat(rules(topology, Direction.INGRESS)).hasSize(count).doesNotHaveDuplicates();
    assertThat(rules(topology, Direction.EGRESS)).hasSize(count / 2).doesNotHaveDuplicates();
    assertThat(ManyRules.of(count).text()).isEqualTo(many.text());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 100, 1_000})
  void theMeasuredFlowIsAllowedByOneOrdinaryRuleOfEachSide(int count) {
    Topology topology = read(ManyRules.of(count));
    Verdict verdict = verdict(topology, Protocol.TCP, ManyRules.FIRST_OPEN);
    for (Allowed allowed : List.of((Allowed) verdict.egress(), (Allowed) verdict.ingress())) {
      assertThat(allowed.rules()).hasSize(1);
      RuleId id = allowed.rules().get(0);
      List<Rule> all = rules(topology, id.direction());
      Rule rule =
          topology.policies().stream()
              .filter(policy -> policy.name().equals(id.policy().name()))
              .findFirst()
              .orElseThrow()
              .rules(id.direction())
              .get(id.index());
      assertThat(all.indexOf(rule)).isPositive().isLessThan(all.size() - 1);
      assertThat(rule.peers()).singleElement().isInstanceOf(Block.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000})
  void otherPortsAreDenied(int count) {
    ManyRules many = ManyRules.of(count);
    assertThat(allows(many, many.open())).isTrue();
    assertThat(allows(many, many.open() + ManyRules.OPEN_PORTS - 1)).isTrue();
    assertThat(allows(many, many.open() - 1)).isFalse();
    assertThat(allows(many, many.open() + ManyRules.OPEN_PORTS)).isFalse();
    assertThat(allows(many, 1024)).isFalse();
  }

  @Test
  void everySortOfRuleIsThere() {
    Topology topology = read(ManyRules.of(10));
    for (Direction direction : Direction.values()) {
      List<Rule> all = rules(topology, direction);
      assertThat(all).anyMatch(rule -> block(rule, 32) || direction == Direction.EGRESS);
      assertThat(all).anyMatch(rule -> block(rule, 28));
      assertThat(all)
          .anyMatch(rule -> rule.peers().get(0) instanceof Block b && !b.except().isEmpty());
      assertThat(all).anyMatch(rule -> rule.ports().get(0) instanceof PortMatch.Named);
      assertThat(all)
          .anyMatch(rule -> rule.ports().get(0) instanceof PortMatch.Range r && r.to() > r.from());
    }
  }

  private static boolean block(Rule rule, int prefix) {
    return rule.peers().get(0) instanceof Block block && block.cidr().prefix() == prefix;
  }

  @Test
  void theNextGenerationHasNoRuleInCommon() {
    ManyRules before = ManyRules.of(1_000);
    ManyRules after = before.renewed(before.open() + ManyRules.OPEN_PORTS);
    for (Direction direction : Direction.values()) {
      Set<Rule> old = new HashSet<>(rules(read(before), direction));
      // A name stays, and means another port.
      old.removeIf(rule -> rule.ports().get(0) instanceof PortMatch.Named);
      if (direction == Direction.INGRESS) {
        assertThat(rules(read(after), direction)).doesNotContainAnyElementsOf(old);
      } else {
        old.retainAll(rules(read(after), direction));
        assertThat(old).as("what lets the measured flows out").hasSize(1);
      }
    }
    assertThat(allows(after, before.open())).isFalse();
    assertThat(allows(after, after.open())).isTrue();
  }

  @Test
  void oneRuleIsAnother() {
    ManyRules before = ManyRules.of(1_000);
    ManyRules after = before.opening(before.open() + ManyRules.OPEN_PORTS);
    List<NetworkPolicy> differing = new ArrayList<>(read(after).policies());
    differing.removeAll(read(before).policies());
    assertThat(differing).hasSize(1);
    List<Rule> rules = new ArrayList<>(rules(read(after), Direction.INGRESS));
    rules.removeAll(rules(read(before), Direction.INGRESS));
    assertThat(rules).hasSize(1);
    assertThat(allows(after, before.open())).isFalse();
    assertThat(allows(after, after.open())).isTrue();
  }

  @Test
  void theMeasuredRuleMayBeOfUdpAlone() {
    ManyRules many = ManyRules.of(100).ofUdp();
    assertThat(verdict(read(many), Protocol.UDP, many.open()).allows()).isTrue();
    assertThat(verdict(read(many), Protocol.TCP, many.open()).allows()).isFalse();
  }

  @Test
  void senselessOnesAreRefused() {
    assertThatThrownBy(() -> ManyRules.of(5)).hasMessageContaining("a positive multiple of 10");
    assertThatThrownBy(() -> ManyRules.of(10).opening(5201)).hasMessageContaining("open port");
  }
}
