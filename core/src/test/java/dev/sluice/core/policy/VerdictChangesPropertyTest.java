package dev.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;

/** What is told of a change of policy, against two answers of the reference evaluator. */
class VerdictChangesPropertyTest {

  private static final int FLOWS = 200;

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void aFlowIsNamedIfAndOnlyIfItsVerdictChanges(@ForAll long seed) {
    Random random = new Random(seed);
    RandomTopology changing = new RandomTopology(random);
    Topology before = changing.topology();
    for (int i = random.nextInt(4); i >= 0; i--) {
      changing.change();
    }
    Topology after = changing.topology();
    List<VerdictChange> changes = VerdictChanges.between(before, after);
    List<PolicyTable> tables = Stream.of(before, after).map(PolicyResolver::resolve).toList();
    for (int i = 0; i < FLOWS; i++) {
      Flow flow = RandomFlow.of(after, random);
      if (!isIn(before, flow.source(), after) || !isIn(before, flow.destination(), after)) {
        continue;
      }
      boolean passed = PolicyEvaluator.verdict(before, flow).allows();
      boolean passes = PolicyEvaluator.verdict(after, flow).allows();
      Statistics.label("verdict").collect(passed + " to " + passes);
      assertThat(named(changes, true, flow, tables))
          .as("%s: %s%nbefore %s%nafter %s", flow, changes, before, after)
          .isEqualTo(!passed && passes ? 1 : 0);
      assertThat(named(changes, false, flow, tables))
          .as("%s: %s%nbefore %s%nafter %s", flow, changes, before, after)
          .isEqualTo(passed && !passes ? 1 : 0);
    }
    Statistics.label("verdict")
        .coverage(
            c -> {
              c.check("false to true").percentage(p -> p > 0.5);
              c.check("true to false").percentage(p -> p > 0.5);
            });
  }

  /** Whether both topologies have the party with its address, or it is of neither. */
  private static boolean isIn(Topology before, Party party, Topology after) {
    return party
        .endpointName()
        .map(
            name ->
                Stream.of(before, after)
                    .allMatch(
                        topology ->
                            topology.endpoints().stream()
                                .filter(e -> e.name().equals(name))
                                .anyMatch(e -> declared(e).contains(party.address()))))
        // A gateway is one of a network, and these topologies have none.
        .orElse(!(party instanceof Party.NodeParty));
  }

  private static List<IpAddress> declared(Endpoint endpoint) {
    return endpoint.interfaces().stream().flatMap(i -> i.addresses().stream()).toList();
  }

  private static long named(
      List<VerdictChange> changes, boolean starts, Flow flow, List<PolicyTable> tables) {
    if (flow.source().endpointName().isPresent()
        && flow.source().endpointName().equals(flow.destination().endpointName())) {
      // An end on both sides is not meant with itself.
      return 0;
    }
    List<String> sources = names(flow.source(), flow.destination(), Direction.INGRESS, tables);
    List<String> destinations = names(flow.destination(), flow.source(), Direction.EGRESS, tables);
    return changes.stream()
        .filter(c -> c.starts() == starts)
        .filter(c -> c.sources().stream().anyMatch(sources::contains))
        .filter(c -> c.destinations().stream().anyMatch(destinations::contains))
        .filter(c -> c.ports().contains(flow.protocol(), flow.port()))
        .count();
  }

  /**
   * How a party may be called: an endpoint with or without its address, an outsider by the smallest
   * block that the other's rules have for it.
   */
  private static List<String> names(
      Party party, Party other, Direction ofOther, List<PolicyTable> tables) {
    if (party.endpointName().isPresent()) {
      String name = party.endpointName().get();
      return List.of(name, name + " " + party.address());
    }
    List<Cidr> blocks = new ArrayList<>();
    blocks.add(Cidr.any(party.address().isV4()));
    other
        .endpointName()
        .ifPresent(
            name ->
                tables.stream()
                    .flatMap(table -> table.side(name, ofOther).entries().stream())
                    .map(Side.Entry::peers)
                    .filter(Peers.Block.class::isInstance)
                    .map(Peers.Block.class::cast)
                    .forEach(
                        block -> {
                          blocks.add(block.cidr());
                          blocks.addAll(block.except());
                        }));
    Optional<Cidr> smallest =
        blocks.stream()
            .filter(block -> block.contains(party.address()))
            .max(Comparator.comparing(Cidr::prefix));
    return List.of(smallest.orElseThrow().toString());
  }
}
