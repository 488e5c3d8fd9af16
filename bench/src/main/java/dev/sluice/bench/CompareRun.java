package dev.sluice.bench;

import dev.sluice.bench.report.Results;
import dev.sluice.core.check.CheckReport;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.TopologyReader;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/**
 * The {@code compare} command: every datapath and every control comes up in a throwaway node of its
 * own, is checked with real packets, measured, checked again, and taken down. The host's own
 * network is not touched.
 */
public final class CompareRun {

  private final NodeFacts facts;
  private final Kinds kinds;
  private final ReconcileObserver observer;
  private final MeterRegistry registry;
  private final SliceListener listener;

  /** {@code observer} is told of the set-up, {@code listener} of the timing. */
  public CompareRun(
      NodeFacts facts,
      Kinds kinds,
      ReconcileObserver observer,
      MeterRegistry registry,
      SliceListener listener) {
    this.facts = facts;
    this.kinds = kinds;
    this.observer = observer;
    this.registry = registry;
    this.listener = listener;
  }

  /**
   * Compares {@code datapaths} on the topology in {@code source}.
   *
   * @param file the name of the source, for messages
   * @throws CheckFailedException if a datapath does not carry what the topology promises, before or
   *     after the timing: then there is nothing to compare
   * @throws InterruptedException if this thread is interrupted; everything is down by then
   */
  public Results run(String file, String source, List<Datapath> datapaths, Options options)
      throws InterruptedException {
    Topology topology = TopologyReader.read(file, source);
    ThrowawayNode.collectLeftovers();
    try (Stage stage = new Stage(topology, kinds, observer)) {
      try {
        for (Datapath datapath : datapaths) {
          Declared declared = new Declared(datapath.name(), file, source);
          stage.addDatapath(datapath.name(), declared, datapath, facts);
        }
        return compare(stage, options);
      } catch (RuntimeException e) {
        throw interruptionOr(e);
      }
    }
  }

  private Results compare(Stage stage, Options options) throws InterruptedException {
    stage.addVeth(Candidate.REFERENCE);
    stage.addVeth(Candidate.TWIN);
    stage.addLoopback(Candidate.LOOPBACK);
    List<Results.Check> checks = checked(stage);
    Results results = new Comparison(registry, listener).run(stage.candidates(), options);
    checked(stage);
    return results.withChecks(checks);
  }

  /**
   * Setting up fails in many ways once it is interrupted. The thread is so no longer, for taking
   * down would fail too.
   */
  private static RuntimeException interruptionOr(RuntimeException failure)
      throws InterruptedException {
    if (Thread.interrupted()) {
      InterruptedException interruption = new InterruptedException("interrupted while setting up");
      interruption.initCause(failure);
      throw interruption;
    }
    return failure;
  }

  private List<Results.Check> checked(Stage stage) {
    observer.progress().stage("checking with real packets", stage.candidates().size());
    List<CheckReport> reports = stage.check();
    if (reports.stream().anyMatch(r -> !r.disagree().isEmpty())) {
      throw new CheckFailedException(reports);
    }
    return reports.stream()
        .map(r -> new Results.Check(r.datapath(), r.probes(), r.agree()))
        .toList();
  }
}
