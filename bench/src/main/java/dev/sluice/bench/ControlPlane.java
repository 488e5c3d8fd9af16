package dev.sluice.bench;

import dev.sluice.bench.report.Results.LeftOut;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Schedule;
import dev.sluice.bench.workload.Mode;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Reconciler;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long the operations of each datapath take until packets show that they are effective: to
 * create the topology, to replace its policies by one that isolates the server, to put them back,
 * to destroy it. In each round all candidates do all of that once, in a random order, each in a
 * fresh node. A raw veth pair, created and destroyed by the same reconciler, is the reference.
 */
final class ControlPlane {

  static final String CREATE = "create";
  static final String DENY = "policy-deny";
  static final String ALLOW = "policy-allow";
  static final String DESTROY = "destroy";

  private static final Path ROOT = Path.of("/");
  private static final int WARM_UP = 2;
  private static final int CONTROLS = 2;

  /** All operations of one candidate. */
  private static final Duration EACH = Duration.ofMillis(300);

  private final Topology topology;
  private final Pair pair;
  private final NodeFacts facts;
  private final Kinds kinds;
  private final ReconcileObserver observer;
  private final BenchMeters meters;
  private final SliceListener listener;
  private final Map<String, Map<String, Tally>> tallies = new LinkedHashMap<>();

  ControlPlane(
      Topology topology,
      Pair pair,
      NodeFacts facts,
      Kinds kinds,
      ReconcileObserver observer,
      BenchMeters meters,
      SliceListener listener) {
    this.topology = topology;
    this.pair = pair;
    this.facts = facts;
    this.kinds = kinds;
    this.observer = observer;
    this.meters = meters;
    this.listener = listener;
  }

  /** How long so many rounds take about. */
  static Duration expected(int rounds, int datapaths) {
    return EACH.multipliedBy((long) (rounds + WARM_UP) * (datapaths + CONTROLS));
  }

  /** Why changes of policy are not measured, if they are not. */
  static Optional<LeftOut> leftOut(String file, String source, Pair pair) {
    return DeniedCopy.of(file, source, pair).isPresent()
        ? Optional.empty()
        : Optional.of(
            new LeftOut(
                DENY + ", " + ALLOW, TopologyDocument.MISSING + ", or established flows are kept"));
  }

  List<Result> run(
      String file, String source, List<Datapath> datapaths, int rounds, long seed, double effect)
      throws InterruptedException {
    List<Subject> subjects = subjects(file, source, datapaths);
    Schedule schedule = new Schedule(seed, 1, subjects.size());
    long started = System.nanoTime();
    int total = (WARM_UP + rounds) * subjects.size();
    int done = 0;
    for (int round = -WARM_UP; round < rounds; round++) {
      for (Schedule.Slot slot : schedule.round(round, List.of(0))) {
        if (Thread.interrupted()) {
          throw new InterruptedException("interrupted between operations");
        }
        Subject subject = subjects.get(slot.candidate());
        long each = done == 0 ? EACH.toNanos() : (System.nanoTime() - started) / done;
        listener.at(
            done,
            total,
            Duration.ofNanos(each * (total - done)),
            "control plane of " + subject.name);
        subject.turn.run(round >= 0);
        done++;
      }
    }
    listener.at(done, done, Duration.ZERO, "done");
    return results(subjects, seed, effect);
  }

  private interface Turn {
    void run(boolean measured);
  }

  private record Subject(String name, Turn turn) {}

  private List<Subject> subjects(String file, String source, List<Datapath> datapaths) {
    Optional<String> denied = DeniedCopy.of(file, source, pair);
    List<Subject> subjects = new ArrayList<>();
    for (Datapath datapath : datapaths) {
      Declared declared = new Declared(datapath.name(), file, source);
      Optional<Declared> isolated = denied.map(d -> new Declared(datapath.name(), file, d));
      subjects.add(
          new Subject(
              datapath.name(), measured -> datapath(datapath, declared, isolated, measured)));
    }
    for (String veth : List.of(Candidate.REFERENCE, Candidate.TWIN)) {
      subjects.add(new Subject(veth, measured -> veth(veth, measured)));
    }
    return subjects;
  }

  private void datapath(
      Datapath datapath, Declared declared, Optional<Declared> isolated, boolean measured) {
    String name = datapath.name();
    try (ControlNode node =
        new ControlNode(
            name,
            pair,
            n -> Stage.standIns(topology, n),
            pair.client().netns(),
            pair.server().netns())) {
      Topologies topologies =
          new Topologies(node.node(), facts, kinds, Map.of(name, datapath), observer);
      Recorder recorder = new Recorder(name, measured);
      recorder.add(CREATE, () -> node.create(() -> topologies.apply(declared)));
      if (isolated.isPresent()) {
        recorder.add(DENY, () -> node.change(true, () -> topologies.apply(isolated.get())));
        recorder.add(ALLOW, () -> node.change(false, () -> topologies.apply(declared)));
      }
      recorder.add(DESTROY, () -> node.destroy(() -> topologies.destroy(topology.name())));
    }
  }

  private void veth(String name, boolean measured) {
    try (ControlNode node = new ControlNode(name, pair, n -> {}, "", RawVeth.SERVER)) {
      Recorder recorder = new Recorder(name, measured);
      KernelState wanted = RawVeth.render(pair);
      recorder.add(
          CREATE, () -> node.create(() -> Reconciler.converge(node.node(), wanted, observer)));
      recorder.add(
          DESTROY,
          () ->
              node.destroy(() -> Reconciler.converge(node.node(), KernelState.empty(), observer)));
    }
  }

  private interface Timed {
    double nanos();
  }

  private final class Recorder {
    private final String candidate;
    private final boolean measured;

    Recorder(String candidate, boolean measured) {
      this.candidate = candidate;
      this.measured = measured;
    }

    void add(String operation, Timed timed) {
      CpuTimes before = CpuTimes.now(ROOT);
      double nanos = timed.nanos();
      if (measured) {
        tallies
            .computeIfAbsent(operation, o -> new LinkedHashMap<>())
            .computeIfAbsent(candidate, c -> new Tally())
            .add(nanos, CpuTimes.now(ROOT).minus(before));
        meters.record(candidate, operation, nanos);
      }
    }
  }

  private List<Result> results(List<Subject> subjects, long seed, double effect) {
    List<Result> results = new ArrayList<>();
    for (String operation : List.of(CREATE, DENY, ALLOW, DESTROY)) {
      Map<String, Tally> ordered = new LinkedHashMap<>();
      for (Subject subject : subjects) {
        Optional.ofNullable(tallies.getOrDefault(operation, Map.of()).get(subject.name))
            .ifPresent(tally -> ordered.put(subject.name, tally));
      }
      if (!ordered.isEmpty()) {
        results.addAll(
            new Analysis(
                    operation,
                    Mode.UNPINNED,
                    Optional.empty(),
                    Metric.DURATION,
                    Map.of(),
                    seed,
                    effect,
                    ordered)
                .results());
      }
    }
    return results;
  }
}
