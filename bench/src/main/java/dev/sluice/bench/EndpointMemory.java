package dev.sluice.bench;

import dev.sluice.bench.report.Results.LeftOut;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.report.Size;
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
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How much memory the kernel takes for an endpoint of each datapath, its namespace included, and
 * for a datapath itself. A node gets {@value #FEW} endpoints in one network without policy, then
 * {@value #MANY}, and then more if that is asked for: what the machine's memory grows by the second
 * time is for the endpoints that came. Namespaces with a raw veth pair each are the reference, and
 * the same again tell how exact that is: others on the machine take memory too. What it grew by the
 * first time, beyond as much for each, is for the node: less what that is for raw veth pairs, which
 * need nothing of the node, and is below zero, because the first endpoints fill what was free in
 * slabs that there were.
 */
final class EndpointMemory {

  static final String WORKLOAD = "endpoint-memory";

  /** All that a node takes, divided by the number of its endpoints. */
  static final String NODE_WORKLOAD = "node-memory";

  private static final String PER_NODE = "bytesPerNode";
  private static final int FEW = 16;
  private static final int MANY = 64;

  /** As many rounds as an interval needs, and some. */
  private static final int MOST_ROUNDS = 7;

  /** So many rounds may be void. */
  private static final int MOST_VOID = 7;

  private static final int CONTROLS = 2;

  /** What an endpoint takes, until the kernel has freed its namespace. */
  private static final Duration ENDPOINT = Duration.ofMillis(19);

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
    return options.scale().memory() == 0
        ? Duration.ZERO
        : ENDPOINT.multipliedBy((long) nodes * numbers(options).last());
  }

  /** Of endpoints, each number in turn. */
  private static SortedSet<Integer> numbers(Options options) {
    return new TreeSet<>(List.of(FEW, MANY, Math.max(MANY, options.scale().memory())));
  }

  private interface Growth {
    void to(Node node, int endpoints);
  }

  private record Subject(String name, Growth growth) {}

  /** What the machine's memory grew by with so many endpoints. */
  private record Taken(SortedMap<Integer, Long> grown) {

    double perEndpoint() {
      return (double) (of(MANY) - of(FEW)) / (MANY - FEW);
    }

    /** Beyond as much for each of the first. */
    double perNode() {
      return of(FEW) - FEW * perEndpoint();
    }

    /** Less what raw veth pairs need nothing of the node for. */
    double perEndpointOf(int endpoints, Taken veth) {
      return (of(endpoints) - veth.perNode()) / endpoints;
    }

    private long of(int endpoints) {
      return Optional.ofNullable(grown.get(endpoints)).orElseThrow();
    }

    boolean isSound(Taken veth) {
      return perEndpoint() > 0
          && grown.keySet().stream().allMatch(endpoints -> perEndpointOf(endpoints, veth) > 0);
    }
  }

  Outcome run(List<Datapath> datapaths, Options options) throws InterruptedException {
    List<Subject> subjects = subjects(datapaths);
    Schedule schedule = new Schedule(options.seed(), 1, subjects.size());
    int wanted = Math.min(options.rounds(), MOST_ROUNDS);
    Figures figures = new Figures(subjects, numbers(options));
    long first = ENDPOINT.multipliedBy(numbers(options).last()).toNanos();
    long started = System.nanoTime();
    int good = 0;
    // The first round compiles, and fills what was free in slabs. A round is void in which the
    // machine gave back more than endpoints took: others have ended what they had.
    for (int round = -1; round < wanted + MOST_VOID && good < wanted; round++) {
      Map<String, Taken> taken = new HashMap<>();
      for (Schedule.Slot slot : schedule.round(round, List.of(0))) {
        Subject subject = subjects.get(slot.candidate());
        int done = (round + 1) * subjects.size() + taken.size();
        long each = done == 0 ? first : (System.nanoTime() - started) / done;
        int left = Math.max(0, (wanted + 1) * subjects.size() - done);
        listener.at(done, done + left, Duration.ofNanos(each * left), "memory of " + subject.name);
        taken.put(subject.name, taken(subject, numbers(options)));
      }
      Taken veth = taken.get(Candidate.REFERENCE);
      if (round >= 0 && taken.values().stream().allMatch(t -> t.isSound(veth))) {
        good++;
        taken.forEach((name, t) -> figures.add(name, t, veth));
      }
    }
    if (good < wanted) {
      return new Outcome(
          List.of(),
          Optional.of(
              new LeftOut(
                  WORKLOAD, "others on this machine gave back more memory than endpoints took")));
    }
    return new Outcome(figures.results(options), Optional.empty());
  }

  /** What came of the rounds, by workload and candidate. */
  private final class Figures {
    private final Map<String, Tally> perEndpoint = new LinkedHashMap<>();
    private final Map<Integer, Map<String, Tally>> perSize = new TreeMap<>();
    private final Map<String, Double> perNode = new HashMap<>();

    Figures(List<Subject> subjects, Set<Integer> numbers) {
      numbers.forEach(n -> perSize.put(n, new LinkedHashMap<>()));
      for (Subject subject : subjects) {
        perEndpoint.put(subject.name, new Tally());
        perSize.values().forEach(tallies -> tallies.put(subject.name, new Tally()));
      }
    }

    void add(String name, Taken taken, Taken veth) {
      record(name, WORKLOAD, perEndpoint, taken.perEndpoint());
      perSize.forEach(
          (number, tallies) ->
              record(
                  name,
                  new Size(Size.Sort.ENDPOINTS, number).of(NODE_WORKLOAD),
                  tallies,
                  taken.perEndpointOf(number, veth)));
      perNode.merge(name, taken.perNode() - veth.perNode(), Double::sum);
    }

    private void record(String name, String workload, Map<String, Tally> tallies, double bytes) {
      tallies.get(name).add(bytes, CpuTimes.NONE);
      meters.memory(name, workload, bytes);
    }

    List<Result> results(Options options) {
      perEndpoint.forEach(
          (name, tally) -> tally.know(PER_NODE, perNode.get(name) / tally.rounds().length));
      List<Result> results = new ArrayList<>(results(WORKLOAD, Map.of(), perEndpoint, options));
      perSize.forEach(
          (number, tallies) -> {
            Size size = new Size(Size.Sort.ENDPOINTS, number);
            results.addAll(results(size.of(NODE_WORKLOAD), size.extras(), tallies, options));
          });
      return results;
    }

    private static List<Result> results(
        String workload, Map<String, Double> extras, Map<String, Tally> tallies, Options options) {
      return new Analysis(
              workload,
              Mode.UNPINNED,
              Optional.empty(),
              Metric.MEMORY,
              extras,
              options.seed(),
              options.minimumEffect(),
              tallies)
          .results();
    }
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
                      .apply(new Declared(name, OneNetwork.FILE, OneNetwork.of(endpoints)))));
    }
    for (String name : List.of(Candidate.REFERENCE, Candidate.TWIN)) {
      subjects.add(
          new Subject(
              name,
              (node, endpoints) -> Reconciler.converge(node, RawVeth.render(endpoints), observer)));
    }
    return subjects;
  }

  private static Taken taken(Subject subject, SortedSet<Integer> numbers)
      throws InterruptedException {
    awaitQuiet();
    SortedMap<Integer, Long> grown = new TreeMap<>();
    try (ThrowawayNode throwaway = ThrowawayNode.create(subject.name)) {
      long before = KernelMemory.all();
      for (int endpoints : numbers) {
        subject.growth.to(throwaway.node(), endpoints);
        grown.put(endpoints, KernelMemory.all() - before);
      }
    }
    return new Taken(grown);
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
}
