package dev.sluice.bench.report;

import static dev.sluice.bench.report.SampleFigures.among;
import static dev.sluice.bench.report.SampleFigures.creation;
import static dev.sluice.bench.report.SampleFigures.memory;
import static dev.sluice.bench.report.SampleFigures.node;
import static dev.sluice.bench.report.SampleFigures.rtt;
import static dev.sluice.bench.report.SampleFigures.rules;
import static dev.sluice.bench.report.SampleFigures.stream;
import static dev.sluice.bench.report.SampleFigures.tail;
import static dev.sluice.bench.report.SampleFigures.toReference;
import static dev.sluice.bench.stats.Verdict.LEVEL;
import static dev.sluice.bench.stats.Verdict.SLOWER;

import dev.sluice.bench.report.Results.Capability;
import dev.sluice.bench.report.Results.Device;
import dev.sluice.bench.report.Results.Interval;
import dev.sluice.bench.report.Results.Kept;
import dev.sluice.bench.report.Results.LeftOut;
import dev.sluice.bench.report.Results.Method;
import dev.sluice.bench.report.Results.ProgramTime;
import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.report.Results.Subject;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Noise;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Mode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A comparison as it might come out. */
final class ResultsSample {

  private static final List<Kept> KEPT =
      List.of(
          new Kept("TCP between endpoints", 4),
          new Kept("UDP between endpoints" + Kept.STOPPED, 6),
          new Kept("TCP" + Kept.FROM_NODE, 3));

  private ResultsSample() {}

  static Results create() {
    return new Results(
        new Environment(
            "2026-11-23T12:00:00Z",
            "6.1.0-40-amd64",
            "Some CPU",
            2,
            Optional.empty(),
            Optional.of("mitigations=auto"),
            Optional.of(true),
            "17.0.15 OpenJDK 64-Bit Server VM",
            0.25,
            0.002),
        Optional.empty(),
        new Method(20, 0.25, 1, 0.01, 240, 0.01),
        Optional.of(
            new Subject(
                "two-subnets",
                2,
                2,
                1,
                3,
                "client 10.0.1.2",
                "server 10.0.2.2",
                true,
                Optional.of(List.of("eth7")),
                Optional.of(List.of(new Results.OnWire("eth8", 2))),
                Optional.of("0123456789abcdef"))),
        List.of(
            path("bridge", Optional.of(List.of("tx-scatter-gather", "rx-gro"))),
            path("ebpf", Optional.of(List.of("tx-scatter-gather", "highdma"))),
            path("veth", Optional.of(List.of("tx-scatter-gather", "rx-gro"))),
            path("veth-again", Optional.empty())),
        List.of(new Results.Check("bridge", 52, 52), new Results.Check("ebpf", 52, 52)),
        List.of(
            able("bridge", List.of(), KEPT),
            able("ebpf", List.of(), KEPT),
            able("ipvlan", List.of("IPVLAN devices (CONFIG_IPVLAN)"), List.of())),
        List.of(new LeftOut("udp-rr", "policy lets client send server no UDP, at any port")),
        Stream.of(
                rtt("bridge", 15_610, Optional.of(new Estimate(1.108, 1.104, 1.112)), SLOWER),
                rtt("ebpf", 14_300, Optional.of(new Estimate(1.014, 1.009, 1.018)), SLOWER),
                rtt("veth", 14_090, Optional.empty(), Verdict.REFERENCE),
                rtt(
                    "veth-again",
                    14_100,
                    Optional.of(new Estimate(1.001, 0.998, 1.003)),
                    Verdict.LEVEL),
                stream("bridge", 9.1e9, Optional.of(new Estimate(0.89, 0.87, 0.91)), SLOWER),
                stream("ebpf", 1.01e10, Optional.of(new Estimate(0.99, 0.97, 1.01)), LEVEL),
                stream("veth", 1.02e10, Optional.empty(), Verdict.REFERENCE),
                stream(
                    "veth-again", 1.02e10, Optional.of(new Estimate(1, 0.99, 1.01)), Verdict.LEVEL),
                tail("bridge", 60_000, Optional.of(new Estimate(1.5, 1.2, 1.9)), SLOWER),
                tail("ebpf", 42_000, Optional.of(new Estimate(1.05, 0.9, 1.3)), LEVEL),
                tail("veth", 40_000, Optional.empty(), Verdict.REFERENCE),
                tail("veth-again", 40_100, Optional.of(new Estimate(1, 0.99, 1.01)), LEVEL),
                rules(10, "bridge", 17_000, Optional.of(new Estimate(1.21, 1.2, 1.22)), SLOWER),
                rules(10, "ebpf", 14_400, Optional.of(new Estimate(1.02, 1.01, 1.03)), SLOWER),
                rules(10, "veth", 14_090, Optional.empty(), Verdict.REFERENCE),
                rules(10, "veth-again", 14_100, Optional.of(new Estimate(1, 0.99, 1.01)), LEVEL),
                rules(1000, "bridge", 17_340, Optional.of(new Estimate(1.23, 1.21, 1.24)), SLOWER),
                rules(1000, "ebpf", 14_410, Optional.of(new Estimate(1.02, 1.01, 1.04)), SLOWER),
                rules(1000, "veth", 14_090, Optional.empty(), Verdict.REFERENCE),
                rules(1000, "veth-again", 14_100, Optional.of(new Estimate(1, 0.99, 1.01)), LEVEL),
                among(2, "bridge", 16_800, Optional.of(new Estimate(1.19, 1.18, 1.2)), SLOWER),
                among(2, "ebpf", 14_350, Optional.of(new Estimate(1.02, 1.01, 1.03)), SLOWER),
                among(2, "veth", 14_090, Optional.empty(), Verdict.REFERENCE),
                among(2, "veth-again", 14_100, Optional.of(new Estimate(1, 0.99, 1.01)), LEVEL),
                among(256, "bridge", 17_640, Optional.of(new Estimate(1.25, 1.22, 1.26)), SLOWER),
                among(256, "ebpf", 14_360, Optional.of(new Estimate(1.02, 1.01, 1.04)), SLOWER),
                among(256, "veth", 14_090, Optional.empty(), Verdict.REFERENCE),
                among(256, "veth-again", 14_100, Optional.of(new Estimate(1, 0.99, 1.01)), LEVEL),
                memory("bridge", 215_040, Optional.of(new Estimate(1.05, 1.03, 1.07)), SLOWER),
                memory("ebpf", 225_280, Optional.of(new Estimate(1.1, 1.08, 1.12)), SLOWER),
                memory("veth", 204_800, Optional.empty(), Verdict.REFERENCE),
                memory("veth-again", 204_800, Optional.of(new Estimate(1, 0.98, 1.02)), LEVEL),
                node(16, "bridge", 307_200, Optional.of(new Estimate(1.5, 1.4, 1.6)), SLOWER),
                node(16, "ebpf", 614_400, Optional.of(new Estimate(3, 2.9, 3.1)), SLOWER),
                node(16, "veth", 204_800, Optional.empty(), Verdict.REFERENCE),
                node(64, "bridge", 229_376, Optional.of(new Estimate(1.12, 1.1, 1.14)), SLOWER),
                node(64, "ebpf", 307_200, Optional.of(new Estimate(1.5, 1.48, 1.52)), SLOWER),
                node(64, "veth", 204_900, Optional.empty(), Verdict.REFERENCE),
                creation("bridge", 42e6, Optional.of(new Estimate(4.2, 4.0, 4.4)), SLOWER),
                creation("ebpf", 90e6, Optional.of(new Estimate(9, 8.8, 9.3)), SLOWER),
                creation("veth", 10e6, Optional.empty(), Verdict.REFERENCE),
                creation(
                    "veth-again", 10e6, Optional.of(new Estimate(1, 0.99, 1.01)), Verdict.LEVEL))
            .toList(),
        List.of(new ProgramTime("ebpf", "tcp-rr", "from_endpoint", 60_000, 180, 2)),
        List.of(
            new CrossChecked(
                "sockperf",
                "tcp-rr",
                Mode.SAME_CPU,
                Metric.ROUND_TRIP,
                "ns",
                1,
                List.of(
                    foreign("bridge", 15_600, 16_600, 1.064, Optional.of(1.108), Optional.of(1.1)),
                    foreign("veth", 14_090, 15_090, 1.071, Optional.empty(), Optional.empty())))),
        Optional.empty(),
        Optional.empty());
  }

  private static Results.Path path(String name, Optional<List<String>> offloads) {
    return new Results.Path(name, "10.0.2.2", 1500, offloads);
  }

  private static CrossChecked.Figures foreign(
      String name,
      double builtIn,
      double foreign,
      double agreement,
      Optional<Double> builtInRatio,
      Optional<Double> foreignRatio) {
    return new CrossChecked.Figures(
        name,
        List.of(builtIn),
        List.of(foreign),
        new Ratio("built-in", agreement, Optional.empty()),
        builtInRatio.map(r -> new Ratio("veth", r, Optional.empty())),
        foreignRatio.map(r -> new Ratio("veth", r, Optional.of(new Interval(r - 0.01, r + 0.01)))));
  }

  private static Capability able(String name, List<String> lacks, List<Kept> kept) {
    return new Capability(name, "how " + name + " works", lacks, List.of(), List.of(), kept);
  }

  /** Nothing but these, of which the least difference is of interest. */
  static Results of(List<Result> results, long seed) {
    Method method = new Method(results.get(0).figures().size(), 0.25, seed, 0, 0, 0);
    return Results.measured(create().environment(), method, List.of(), results, List.of());
  }

  /** The same, measured on a machine that was too busy. */
  static Results noisy() {
    return noisy(create().results().size());
  }

  /** The same, where so many of the first results are of a busy machine. */
  static Results noisy(int count) {
    Results quiet = create();
    Noise noise = new Noise(0.002, 0.4, 0);
    return of(
        quiet,
        Stream.concat(
                quiet.results().stream()
                    .limit(count)
                    .map(
                        r ->
                            changed(
                                r,
                                r.figures(),
                                r.ratio(),
                                r.noiseFloor(),
                                noise,
                                r.verdict() == Verdict.REFERENCE ? r.verdict() : Verdict.NOISY)),
                quiet.results().stream().skip(count))
            .toList());
  }

  /** The same, concluded for a goal and against a run on another kernel. */
  static Results concluded() {
    Results results = create();
    return results.concluding(
        Optional.of(Recommendation.of(results, Recommendation.Goal.LATENCY)),
        Optional.of(Against.of("old.json", onKernel("6.12.0"), results)));
  }

  static Results onKernel(String kernel) {
    Results all = create();
    Environment e = all.environment();
    return of(
        new Environment(
            "2026-11-01T12:00:00Z",
            kernel,
            e.cpuModel(),
            e.cpus(),
            e.governor(),
            e.mitigations(),
            e.bridgeNfCall(),
            e.java(),
            e.loadAverage(),
            e.stealShare()),
        all.wire(),
        all.candidates(),
        all.results());
  }

  /** The same, of a topology with this digest. */
  static Results withDigest(Optional<String> digest) {
    Results all = create();
    Subject s = all.subject().orElseThrow();
    return new Results(
        all.environment(),
        all.wire(),
        all.method(),
        Optional.of(
            new Subject(
                s.topology(),
                s.networks(),
                s.endpoints(),
                s.policies(),
                s.rules(),
                s.client(),
                s.server(),
                s.routed(),
                s.uplinks(),
                s.wires(),
                digest)),
        all.candidates(),
        all.checks(),
        all.capabilities(),
        all.leftOut(),
        all.results(),
        all.programs(),
        all.crossChecks(),
        all.recommendation(),
        all.against());
  }

  /** The same, between two hosts. */
  static Results onAWire() {
    return onAWire(1500);
  }

  /** The same, with that MTU of the other host's device. */
  static Results onAWire(int mtu) {
    return onAWire(mtu, create().environment());
  }

  /** The same, with that host at the other end. */
  static Results onAWire(int mtu, Environment peer) {
    Results all = create();
    return of(
        all.environment(),
        Optional.of(
            new Results.Wire(
                "192.0.2.7:7463",
                "eth1",
                "eth2",
                Optional.of(new Device(1500, Optional.of(List.of("rx-gro")))),
                Optional.of(new Device(mtu, Optional.empty())),
                peer,
                List.of(new Results.Ends("bridge", "bridge", "bridge")))),
        all.candidates(),
        all.results());
  }

  /** The same, with {@code offloads} of the bridge's client. */
  static Results withOffloads(Optional<List<String>> offloads) {
    Results all = create();
    return of(
        all.environment(),
        all.wire(),
        all.candidates().stream()
            .map(c -> c.name().equals("bridge") ? path(c.name(), offloads) : c)
            .toList(),
        all.results());
  }

  /** The same, with the bridge's round trips so many times what they were. */
  static Results withBridge(double factor) {
    Results all = create();
    return of(
        all,
        all.results().stream()
            .map(
                r ->
                    r.candidate().equals("bridge") && r.workload().equals("tcp-rr")
                        ? changed(
                            r,
                            r.figures(),
                            r.ratio()
                                .map(
                                    ratio ->
                                        toReference(
                                            new Estimate(
                                                factor * ratio.median(),
                                                factor * ratio.interval().orElseThrow().low(),
                                                factor * ratio.interval().orElseThrow().high()))),
                            r.noiseFloor(),
                            r.noise(),
                            r.verdict())
                        : r)
            .toList());
  }

  /** The same, where two of the reference came out so far apart in all that was measured. */
  static Results withFloor(double share) {
    Results all = create();
    return of(
        all,
        all.results().stream()
            .map(
                r -> changed(r, r.figures(), r.ratio(), Optional.of(share), r.noise(), r.verdict()))
            .toList());
  }

  /** The same, where round trips over the bridge take this CPU time in each round. */
  static Results withBridgeCosting(Optional<List<Double>> nanos) {
    Results all = create();
    return of(
        all,
        all.results().stream()
            .map(r -> r.candidate().equals("bridge") ? SampleFigures.costing(r, nanos) : r)
            .toList());
  }

  /** A request/response of too few rounds for an interval. */
  static Results ofFewRounds() {
    Results many = ofOneWorkload();
    return of(many, many.results().stream().map(ResultsSample::undecided).toList());
  }

  static Results ofOneWorkload() {
    Results all = create();
    return of(all, all.results().subList(0, 4));
  }

  private static Results of(Results all, List<Result> results) {
    return of(all.environment(), all.wire(), all.candidates(), results);
  }

  /** What else there is as of {@link #create}. */
  private static Results of(
      Environment environment,
      Optional<Results.Wire> wire,
      List<Results.Path> candidates,
      List<Result> results) {
    Results all = create();
    return new Results(
        environment,
        wire,
        all.method(),
        all.subject(),
        candidates,
        all.checks(),
        all.capabilities(),
        all.leftOut(),
        results,
        all.programs(),
        all.crossChecks(),
        all.recommendation(),
        all.against());
  }

  private static Result undecided(Result result) {
    return changed(
        result,
        result.figures().subList(0, 2),
        result.ratio().map(ratio -> new Ratio(ratio.to(), ratio.median(), Optional.empty())),
        Optional.empty(),
        result.noise(),
        result.ratio().map(ratio -> Verdict.UNDECIDED).orElse(Verdict.REFERENCE));
  }

  private static Result changed(
      Result result,
      List<Double> figures,
      Optional<Ratio> ratio,
      Optional<Double> floor,
      Noise noise,
      Verdict verdict) {
    return new Result(
        result.candidate(),
        result.workload(),
        result.mode(),
        result.cpus(),
        result.metric(),
        result.p50(),
        result.p90(),
        result.p99(),
        result.samples(),
        figures,
        result.percentiles(),
        result.extras(),
        result.cost(),
        ratio,
        floor,
        noise,
        verdict);
  }
}
