package dev.sluice.bench;

import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Size;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.TopologyReader;
import java.time.Duration;
import java.util.List;

/**
 * What the number of endpoints costs two of them. For each number and datapath a node gets so many
 * endpoints in one network; all are alive at once and measured in turn, beside raw veth pairs.
 */
final class EndpointScale {

  private static final int CONTROLS = 2;

  /** To bring an endpoint up, and to take it down again. */
  private static final Duration ENDPOINT = Duration.ofMillis(12);

  private final NodeFacts facts;
  private final Kinds kinds;
  private final ReconcileObserver observer;
  private final Comparison comparison;

  EndpointScale(NodeFacts facts, Kinds kinds, ReconcileObserver observer, Comparison comparison) {
    this.facts = facts;
    this.kinds = kinds;
    this.observer = observer;
    this.comparison = comparison;
  }

  /** How long it takes about. */
  static Duration expected(Options options, int datapaths) {
    List<Integer> numbers = options.scale().endpoints();
    return numbers.isEmpty()
        ? Duration.ZERO
        : options
            .scale()
            .within(options)
            .least(numbers.size() * datapaths + CONTROLS)
            .plus(
                ENDPOINT.multipliedBy(
                    (long) datapaths * numbers.stream().mapToInt(Integer::intValue).sum()));
  }

  /** Workload by workload, and within each by the number of endpoints. */
  Results run(List<Datapath> datapaths, Options options) throws InterruptedException {
    List<Integer> numbers = options.scale().endpoints();
    Topology two = TopologyReader.read(OneNetwork.FILE, OneNetwork.of(2));
    observer.progress().stage("bringing endpoints up", numbers.size() * datapaths.size());
    try (Stage stage = new Stage(two, Pair.of(two), kinds, observer)) {
      for (int endpoints : numbers) {
        String text = OneNetwork.of(endpoints);
        for (Datapath datapath : datapaths) {
          stage.addSized(
              new Size(Size.Sort.ENDPOINTS, endpoints),
              new Declared(datapath.name(), OneNetwork.FILE, text),
              datapath,
              facts);
        }
      }
      stage.addVeth(Candidate.REFERENCE);
      stage.addVeth(Candidate.TWIN);
      return comparison.run(stage.candidates(), options.scale().within(options));
    }
  }
}
