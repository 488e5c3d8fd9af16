package dev.sluice.bench;

import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.LeftOut;
import dev.sluice.bench.report.Size;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.TopologyReader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the number of policy rules costs. The topology comes up once more for each number and
 * datapath, with {@link ManyPolicies} in the place of its own policies; all are alive at once and
 * measured in turn, beside raw veth pairs. That the rules are in force is probed before and after.
 */
final class RuleScale {

  private static final int CONTROLS = 2;

  private final Pair pair;
  private final NodeFacts facts;
  private final Kinds kinds;
  private final ReconcileObserver observer;
  private final Comparison comparison;

  RuleScale(
      Pair pair, NodeFacts facts, Kinds kinds, ReconcileObserver observer, Comparison comparison) {
    this.pair = pair.at(ManyPolicies.FIRST_OPEN, OptionalInt.empty());
    this.facts = facts;
    this.kinds = kinds;
    this.observer = observer;
    this.comparison = comparison;
  }

  /** Why it is not measured, if it is wanted and is not. */
  static Optional<LeftOut> leftOut(String source, Options options) {
    return options.scale().rules().isEmpty() || TopologyDocument.of(source).isPresent()
        ? Optional.empty()
        : Optional.of(new LeftOut("policy scale", TopologyDocument.MISSING));
  }

  /** How long it takes at least. */
  static Duration least(Options options, int datapaths) {
    int candidates = options.scale().rules().size() * datapaths + CONTROLS;
    return options.scale().rules().isEmpty()
        ? Duration.ZERO
        : options.scale().within(options).least(candidates);
  }

  /** Workload by workload, and within each by the number of rules. */
  Results run(String file, String document, List<Datapath> datapaths, Options options)
      throws InterruptedException {
    Topology topology = TopologyReader.read(file, document);
    List<Integer> numbers = options.scale().rules();
    observer.progress().stage("bringing policies up", numbers.size() * datapaths.size());
    try (Stage stage = new Stage(topology, pair, kinds, observer)) {
      for (int rules : numbers) {
        String text = document + ManyPolicies.of(pair, rules).text();
        for (Datapath datapath : datapaths) {
          stage.addSized(
              new Size(Size.Sort.RULES, rules),
              new Declared(datapath.name(), file, text),
              datapath,
              facts);
        }
      }
      stage.addVeth(Candidate.REFERENCE);
      stage.addVeth(Candidate.TWIN);
      probe(stage.candidates());
      Results results = comparison.run(stage.candidates(), options.scale().within(options));
      probe(stage.candidates());
      return results;
    }
  }

  private static void probe(List<Candidate> candidates) {
    Set<Protocol> tcp = Set.of(Protocol.TCP);
    int first = ManyPolicies.FIRST_OPEN;
    int beyond = first + ManyPolicies.OPEN_PORTS;
    for (Candidate candidate : candidates) {
      if (candidate.size().isPresent()) {
        VerdictProbe probe = new VerdictProbe(candidate.endpoints());
        probe.expect(candidate.title(), tcp, first, true);
        probe.expect(candidate.title(), tcp, beyond - 1, true);
        probe.expect(candidate.title(), tcp, first - 1, false);
        probe.expect(candidate.title(), tcp, beyond, false);
      }
    }
  }
}
