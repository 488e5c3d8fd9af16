package dev.sluice.bench;

import dev.sluice.bench.report.CrossChecked;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.Capability;
import dev.sluice.bench.report.Results.LeftOut;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.report.Results.Subject;
import dev.sluice.bench.workload.HeldConnections;
import dev.sluice.bench.workload.Workload;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * The {@code compare} command: every datapath and every control comes up in a throwaway node of its
 * own, is checked with real packets, measured, checked again, and taken down; then the control
 * plane of each is timed. The host's own network is not touched.
 */
public final class CompareRun {

  /** Operations of the control plane take long beside a slice: no more than that. */
  private static final int MOST_CONTROL_ROUNDS = 12;

  /** Raw veth, the same again, loopback. */
  private static final int CONTROLS = 3;

  /** What a run takes beside all that is measured: to set up, to check, to take down. */
  private static final Duration AROUND = Duration.ofSeconds(40);

  private final NodeFacts facts;
  private final Kinds kinds;
  private final ReconcileObserver observer;
  private final BenchMeters meters;
  private final SliceListener listener;
  private final ProgramStatistics statistics;

  /** {@code observer} is told of the set-up, {@code listener} of the timing. */
  public CompareRun(
      NodeFacts facts,
      Kinds kinds,
      ReconcileObserver observer,
      MeterRegistry registry,
      SliceListener listener,
      ProgramStatistics statistics) {
    this.facts = facts;
    this.kinds = kinds;
    this.observer = observer;
    this.meters = new BenchMeters(registry);
    this.listener = meters.watching(listener);
    this.statistics = statistics;
  }

  /**
   * Compares {@code datapaths} on the topology in {@code source}.
   *
   * @param file the name of the source, for messages
   * @param known all datapaths that there are: what each can do is told
   * @param tools that measure some workloads again; they are there
   * @throws CheckFailedException if a datapath does not carry what the topology promises, before or
   *     after the timing: then there is nothing to compare
   * @throws InterruptedException if this thread is interrupted; everything is down by then
   */
  public Results run(
      String file,
      String source,
      List<Datapath> datapaths,
      Collection<Datapath> known,
      Options options,
      List<ForeignTool> tools)
      throws InterruptedException {
    Topology topology = TopologyReader.read(file, source);
    Rest rest = Rest.of(options, datapaths.size(), tools.size());
    ThrowawayNode.collectLeftovers();
    Pair pair = Pair.of(topology);
    try {
      List<Capability> capabilities = Capabilities.of(topology, facts, known, datapaths);
      List<LeftOut> leftOut = leftOut(file, source, pair, options);
      leftOut.addAll(CrossCheck.leftOut(tools, pair));
      Options possible =
          options.only(w -> leftOut.stream().noneMatch(l -> l.workload().equals(w.name())));
      Results traffic;
      List<CrossChecked> crossChecks;
      List<Results.Check> checks;
      try (Stage stage = new Stage(topology, kinds, observer)) {
        for (Datapath datapath : datapaths) {
          Declared declared = new Declared(datapath.name(), file, source);
          stage.addDatapath(datapath.name(), declared, datapath, facts);
          meters.endpoints(datapath.name(), topology.endpoints().size());
        }
        stage.addVeth(Candidate.REFERENCE);
        stage.addVeth(Candidate.TWIN);
        stage.addLoopback(Candidate.LOOPBACK);
        checks = checked(stage);
        traffic =
            new Comparison(meters, before(rest.all()), statistics)
                .run(stage.candidates(), possible);
        crossChecks =
            new CrossCheck(tools, meters, before(rest.fromRules()))
                .run(stage.candidates(), options);
        checked(stage);
      }
      datapaths.forEach(d -> meters.endpoints(d.name(), 0));
      List<Result> results = new ArrayList<>(traffic.results());
      results.addAll(ruleScale(file, source, pair, datapaths, options, rest.fromEndpoints()));
      results.addAll(endpointScale(datapaths, options, rest.fromMemory()));
      EndpointMemory.Outcome memory = memory(datapaths, options, rest.control);
      memory.leftOut().ifPresent(leftOut::add);
      results.addAll(memory.results());
      ControlPlane control =
          new ControlPlane(topology, pair, facts, kinds, observer, meters, listener);
      results.addAll(
          control.run(
              file,
              source,
              datapaths,
              controlRounds(options),
              options.seed(),
              options.minimumEffect()));
      return new Results(
          traffic.environment(),
          Optional.empty(),
          traffic.method(),
          Optional.of(subject(topology, pair)),
          traffic.candidates(),
          checks,
          capabilities,
          leftOut,
          results,
          traffic.programs(),
          crossChecks,
          Optional.empty(),
          Optional.empty());
    } catch (RuntimeException e) {
      throw interruptionOr(e);
    }
  }

  private List<Result> ruleScale(
      String file,
      String source,
      Pair pair,
      List<Datapath> datapaths,
      Options options,
      Duration later)
      throws InterruptedException {
    Optional<String> document = TopologyDocument.of(source);
    if (options.scale().rules().isEmpty() || document.isEmpty()) {
      return List.of();
    }
    return new RuleScale(pair, facts, kinds, observer, sized(later))
        .run(file, document.get(), datapaths, options)
        .results();
  }

  private List<Result> endpointScale(List<Datapath> datapaths, Options options, Duration later)
      throws InterruptedException {
    return options.scale().endpoints().isEmpty()
        ? List.of()
        : new EndpointScale(facts, kinds, observer, sized(later)).run(datapaths, options).results();
  }

  /** BPF programs are looked at on the topology as it is. */
  private Comparison sized(Duration later) {
    return new Comparison(meters, before(later), ProgramStatistics.NONE);
  }

  /** Told of the time that all takes, and not only the part which {@code later} comes after. */
  private SliceListener before(Duration later) {
    return (done, total, left, what) -> listener.at(done, total, left.plus(later), what);
  }

  /** How long what comes after the traffic takes about. */
  private record Rest(
      Duration tools, Duration rules, Duration endpoints, Duration memory, Duration control) {

    static Rest of(Options options, int datapaths, int tools) {
      return new Rest(
          CrossCheck.expected(options, datapaths + CONTROLS).multipliedBy(tools),
          RuleScale.least(options, datapaths),
          EndpointScale.expected(options, datapaths),
          EndpointMemory.expected(options, datapaths),
          ControlPlane.expected(controlRounds(options), datapaths));
    }

    Duration all() {
      return tools.plus(fromRules());
    }

    Duration fromRules() {
      return rules.plus(fromEndpoints());
    }

    Duration fromEndpoints() {
      return endpoints.plus(fromMemory());
    }

    Duration fromMemory() {
      return memory.plus(control);
    }
  }

  private static int controlRounds(Options options) {
    return Math.min(options.rounds(), MOST_CONTROL_ROUNDS);
  }

  private EndpointMemory.Outcome memory(List<Datapath> datapaths, Options options, Duration later)
      throws InterruptedException {
    return options.scale().memory() == 0
        ? new EndpointMemory.Outcome(List.of(), Optional.empty())
        : new EndpointMemory(facts, kinds, observer, meters, before(later)).run(datapaths, options);
  }

  /** In words, how long a run takes with so many datapaths and tools of others. */
  public static String expected(Options options, int datapaths, int tools) {
    Duration around = AROUND.plus(Rest.of(options, datapaths, tools).all());
    long least = options.least(datapaths + CONTROLS).plus(around).toSeconds();
    long most = Math.max(least, options.extra().timeLimit().plus(around).toSeconds());
    return "%d to %d minutes".formatted(least / 60, (most + 59) / 60);
  }

  private static List<LeftOut> leftOut(String file, String source, Pair pair, Options options) {
    List<LeftOut> leftOut = new ArrayList<>();
    for (Workload workload : options.workloads()) {
      if (workload.udp() && pair.udpPort().isEmpty()) {
        leftOut.add(LeftOut.ofUdp(workload.name(), pair.client().name(), pair.server().name()));
      }
      if (workload instanceof HeldConnections held && !held.fits()) {
        leftOut.add(
            new LeftOut(
                workload.name(),
                "%d connections take more descriptors than this process may have (ulimit -n)"
                    .formatted(held.count())));
      }
    }
    RuleScale.leftOut(source, options).ifPresent(leftOut::add);
    ControlPlane.leftOut(file, source, pair).ifPresent(leftOut::add);
    return new ArrayList<>(new LinkedHashSet<>(leftOut));
  }

  private static Subject subject(Topology topology, Pair pair) {
    return Subject.of(
        topology,
        topology.networks().size(),
        pair.client().name() + " " + pair.clientAddress(),
        pair.server().name() + " " + pair.serverAddress(),
        pair.routed());
  }

  /**
   * Setting up fails in many ways once it is interrupted. The thread is so no longer, for taking
   * down would fail too.
   */
  static RuntimeException interruptionOr(RuntimeException failure) throws InterruptedException {
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
