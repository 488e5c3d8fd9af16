package dev.sluice.bench;

import dev.sluice.bench.report.Results.LeftOut;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Schedule;
import dev.sluice.bench.workload.KernelMemory;
import dev.sluice.bench.workload.Mode;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Reconciler;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.kind.Kinds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much memory the kernel takes for an endpoint of each datapath, its namespace included, and
 * for a datapath itself. A node gets {@value #FEW} endpoints in one network without policy, and
 * then {@value #MANY}: what the machine's memory grows by the second time is for the endpoints that
 * came. Namespaces with a raw veth pair each are the reference, and the same again tell how exact
 * that is: others on the machine take memory too. What it grew by the first time, beyond as much
 * for each, is for the node: less what that is for raw veth pairs, which need nothing of the node,
 * and is below zero, because the first endpoints fill what was free in slabs that there were.
 */
final class EndpointMemory {

  static final String WORKLOAD = "endpoint-memory";

  private static final String PER_NODE = "bytesPerNode";
  private static final int FEW = 16;
  private static final int MANY = 64;

  /** As many rounds as an interval needs, and some. */
  private static final int MOST_ROUNDS = 7;

  /** So many rounds may be void. */
  private static final int MOST_VOID = 7;

  private static final int CONTROLS = 2;

  /** What one node takes, until the kernel has freed its namespaces. */
  private static final Duration NODE = Duration.ofMillis(1200);

  private static final String FILE = "many.yaml";
  private static final Duration QUIET = Duration.ofMillis(150);
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final NodeFacts facts;
  private final Kinds kinds;
  private final ReconcileObserver observer;
  private final BenchMeters meters;
  private final SliceListener listener;

  EndpointMemory(
      NodeFacts facts,
      Kinds kinds,
      ReconcileObserver observer,
      BenchMeters meters,
      SliceListener listener) {
    this.facts = facts;
    this.kinds = kinds;
    this.observer = observer;
    this.meters = meters;
    this.listener = listener;
  }

  /** What came of it: results, or why there are none. */
  record Outcome(List<Result> results, Optional<LeftOut> leftOut) {}

  /** How long it takes about. */
  static Duration expected(Options options, int datapaths) {
    int nodes = (Math.min(options.rounds(), MOST_ROUNDS) + 1) * (datapaths + CONTROLS);
    return options.scale().memory() ? NODE.multipliedBy(nodes) : Duration.ZERO;
  }

  private interface Growth {
    void to(Node node, int endpoints);
  }

  private record Subject(String name, Growth growth) {}

  private record Taken(double perEndpoint, double perNode) {}

  Outcome run(List<Datapath> datapaths, Options options) throws InterruptedException {
    List<Subject> subjects = subjects(datapaths);
    Schedule schedule = new Schedule(options.seed(), 1, subjects.size());
    int wanted = Math.min(options.rounds(), MOST_ROUNDS);
    Map<String, Tally> tallies = new LinkedHashMap<>();
    Map<String, Double> perNode = new HashMap<>();
    subjects.forEach(s -> tallies.put(s.name, new Tally()));
    long started = System.nanoTime();
    int good = 0;
    // The first round compiles, and fills what was free in slabs. A round is void in which the
    // machine gave back more than an endpoint took: others have ended what they had.
    for (int round = -1; round < wanted + MOST_VOID && good < wanted; round++) {
      Map<String, Taken> taken = new HashMap<>();
      for (Schedule.Slot slot : schedule.round(round, List.of(0))) {
        Subject subject = subjects.get(slot.candidate());
        int done = (round + 1) * subjects.size() + taken.size();
        long each = done == 0 ? 0 : (System.nanoTime() - started) / done;
        int left = Math.max(0, (wanted + 1) * subjects.size() - done);
        listener.at(done, done + left, Duration.ofNanos(each * left), "memory of " + subject.name);
        taken.put(subject.name, taken(subject));
      }
      if (round >= 0 && taken.values().stream().allMatch(t -> t.perEndpoint > 0)) {
        good++;
        double none = taken.get(Candidate.REFERENCE).perNode;
        taken.forEach(
            (name, t) -> {
              tallies.get(name).add(t.perEndpoint, CpuTimes.NONE);
              perNode.merge(name, (t.perNode - none) / wanted, Double::sum);
              meters.memory(name, t.perEndpoint);
            });
      }
    }
    if (good < wanted) {
      return new Outcome(
          List.of(),
          Optional.of(
              new LeftOut(
                  WORKLOAD, "others on this machine gave back more memory than endpoints took")));
    }
    return new Outcome(results(tallies, perNode, options), Optional.empty());
  }

  private static List<Result> results(
      Map<String, Tally> tallies, Map<String, Double> perNode, Options options) {
    tallies.forEach((name, tally) -> tally.know(PER_NODE, perNode.get(name)));
    return new Analysis(
            WORKLOAD,
            Mode.UNPINNED,
            Optional.empty(),
            Metric.MEMORY,
            Map.of(),
            options.seed(),
            options.minimumEffect(),
            tallies)
        .results();
  }

  private List<Subject> subjects(List<Datapath> datapaths) {
    List<Subject> subjects = new ArrayList<>();
    for (Datapath datapath : datapaths) {
      String name = datapath.name();
      subjects.add(
          new Subject(
              name,
              (node, endpoints) ->
                  new Topologies(node, facts, kinds, Map.of(name, datapath), observer)
                      .apply(new Declared(name, FILE, topology(endpoints)))));
    }
    for (String name : List.of(Candidate.REFERENCE, Candidate.TWIN)) {
      subjects.add(
          new Subject(
              name,
              (node, endpoints) -> Reconciler.converge(node, RawVeth.render(endpoints), observer)));
    }
    return subjects;
  }

  private static Taken taken(Subject subject) throws InterruptedException {
    awaitQuiet();
    try (ThrowawayNode throwaway = ThrowawayNode.create(subject.name)) {
      long before = KernelMemory.all();
      subject.growth.to(throwaway.node(), FEW);
      long few = KernelMemory.all();
      subject.growth.to(throwaway.node(), MANY);
      double each = (double) (KernelMemory.all() - few) / (MANY - FEW);
      return new Taken(each, few - before - FEW * each);
    }
  }

  /** Until the kernel has freed no namespace for a while; on a busy machine not for ever. */
  private static void awaitQuiet() throws InterruptedException {
    long start = System.nanoTime();
    long busy = start;
    long now = start;
    while (now - busy < QUIET.toNanos() && now - start < PATIENCE.toNanos()) {
      Thread.sleep(QUIET.toMillis() / 5);
      now = System.nanoTime();
      if (NamespaceCleanup.runs()) {
        busy = now;
      }
    }
  }

  /** So many endpoints in one network. */
  static String topology(int endpoints) {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: sluice.dev/v1alpha1
            kind: Topology
            metadata: {name: many}
            spec:
              networks:
                - {name: many, subnets: [10.0.0.0/16]}
              endpoints:
            """);
    for (int i = 0; i < endpoints; i++) {
      text.append(
          "    - {name: e%1$d, netns: e%1$d, interfaces: [{network: many, name: eth0}]}\n"
              .formatted(i));
    }
    return text.toString();
  }
}
