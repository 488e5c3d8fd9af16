package dev.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.Verdict.Decision;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.statistics.Statistics;

/** The table, and the cells that datapaths make of it, against the reference evaluator. */
class PolicyPropertyTest {

  private static final int FLOWS = 250;

  /** A quarter of a million judgements. */
  @Property(tries = 1_000, shrinking = ShrinkingMode.OFF)
  void theTableSaysWhatTheEvaluatorSays(@ForAll long seed) {
    Random random = new Random(seed);
    Topology topology = new RandomTopology(random).topology();
    PolicyTable table = PolicyResolver.resolve(topology);
    Cells cells = new Cells(topology, table);
    for (int i = 0; i < FLOWS; i++) {
      Flow flow = RandomFlow.of(topology, random);
      Verdict verdict = PolicyEvaluator.verdict(topology, flow);

      assertThat(table.verdict(flow)).as("%s in %s", flow, topology).isEqualTo(verdict);
      assertThat(cells.hold(flow, verdict)).as("cells of %s in %s", flow, topology).isTrue();
      Statistics.label("egress").collect(verdict.egress().getClass().getSimpleName());
      Statistics.label("ingress").collect(verdict.ingress().getClass().getSimpleName());
    }
    Statistics.label("egress")
        .coverage(
            c -> {
              c.check("NotIsolated").percentage(p -> p > 5);
              c.check("Self").percentage(p -> p > 1);
              c.check("Allowed").percentage(p -> p > 5);
              c.check("DefaultDeny").percentage(p -> p > 5);
            });
    Statistics.label("ingress")
        .coverage(
            c -> {
              c.check("NotIsolated").percentage(p -> p > 5);
              c.check("FromNode").percentage(p -> p > 5);
              c.check("Allowed").percentage(p -> p > 5);
              c.check("DefaultDeny").percentage(p -> p > 5);
            });
  }

  @Property(tries = 400, shrinking = ShrinkingMode.OFF)
  void whatIsResolvedStepByStepIsWhatIsResolvedAnew(@ForAll long seed) {
    Random random = new Random(seed);
    RandomTopology changing = new RandomTopology(random);
    PolicyResolver resolver = new PolicyResolver();
    PolicyTable before = PolicyTable.open();
    for (int step = 0; step < 12; step++) {
      Topology topology = changing.topology();
      Resolution resolution = resolver.next(topology);

      assertThat(resolution.table()).isEqualTo(PolicyResolver.resolve(topology));
      assertThat(resolution.changed()).isEqualTo(differences(before, resolution.table()));
      assertEqualSidesAreOne(resolution.table());
      before = resolution.table();
      changing.change();
      if (random.nextInt(8) == 0) {
        changing.replaceEndpoints(step);
      }
    }
  }

  private static Set<SideId> differences(PolicyTable before, PolicyTable after) {
    TreeSet<SideId> out = new TreeSet<>();
    for (Direction direction : Direction.values()) {
      TreeSet<String> names = new TreeSet<>(before.isolated(direction).keySet());
      names.addAll(after.isolated(direction).keySet());
      for (String name : names) {
        if (!before.side(name, direction).equals(after.side(name, direction))) {
          out.add(new SideId(name, direction));
        }
      }
    }
    return out;
  }

  private static void assertEqualSidesAreOne(PolicyTable table) {
    for (Direction direction : Direction.values()) {
      Map<Side, Side> first = new HashMap<>();
      for (Side side : table.isolated(direction).values()) {
        assertThat(side).isSameAs(first.computeIfAbsent(side, s -> s));
      }
    }
  }

  /** Judges by the cells of a table's sides alone. */
  private static final class Cells {

    private final Topology topology;
    private final PolicyTable table;
    private final Map<List<Object>, AllowCells> cells = new HashMap<>();

    Cells(Topology topology, PolicyTable table) {
      this.topology = topology;
      this.table = table;
    }

    /** Whether the cells allow exactly what {@code verdict} does, under a rule that it names. */
    boolean hold(Flow flow, Verdict verdict) {
      return hold(Direction.EGRESS, flow, flow.source(), flow.destination(), verdict.egress())
          && hold(Direction.INGRESS, flow, flow.destination(), flow.source(), verdict.ingress());
    }

    private boolean hold(Direction direction, Flow flow, Party own, Party peer, Decision decision) {
      boolean judged =
          decision instanceof Decision.Allowed || decision instanceof Decision.DefaultDeny;
      if (!judged) {
        return true;
      }
      String endpoint = own.endpointName().orElseThrow();
      boolean v4 = own.address().isV4();
      AllowCells of =
          cells.computeIfAbsent(
              List.of(direction, endpoint, v4),
              k ->
                  AllowCells.of(
                      table.side(endpoint, direction).entries(),
                      v4,
                      name -> RandomFlow.addresses(topology, name)));
      Optional<RuleId> counted = first(of, flow, peer);
      if (decision instanceof Decision.Allowed allowed) {
        return of.everybody().isPresent()
            ? allowed.rules().contains(of.everybody().get())
            : counted.equals(Optional.of(allowed.rules().get(0)));
      }
      return counted.isEmpty();
    }

    private static Optional<RuleId> first(AllowCells cells, Flow flow, Party peer) {
      TreeSet<RuleId> found = new TreeSet<>();
      cells.everybody().ifPresent(found::add);
      cells.addresses().stream()
          .filter(c -> within(c.from(), c.to(), peer))
          .forEach(c -> found.add(c.rule()));
      cells.ports().stream()
          .filter(c -> within(c.protocol().number(), c.from(), c.to(), flow))
          .forEach(c -> found.add(c.rule()));
      cells.both().stream()
          .filter(c -> within(c.fromAddress(), c.toAddress(), peer))
          .filter(c -> within(c.protocol().number(), c.from(), c.to(), flow))
          .forEach(c -> found.add(c.rule()));
      return found.stream().findFirst();
    }

    private static boolean within(IpAddress from, IpAddress to, Party peer) {
      return from.compareTo(peer.address()) <= 0 && peer.address().compareTo(to) <= 0;
    }

    private static boolean within(int protocol, int from, int to, Flow flow) {
      return protocol == flow.protocol()
          && flow.port().isPresent()
          && from <= flow.port().getAsInt()
          && flow.port().getAsInt() <= to;
    }
  }
}
