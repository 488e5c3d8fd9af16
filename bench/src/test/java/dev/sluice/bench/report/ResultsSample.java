package dev.sluice.bench.report;

import static dev.sluice.bench.stats.Verdict.LEVEL;
import static dev.sluice.bench.stats.Verdict.SLOWER;

import dev.sluice.bench.report.Results.Capability;
import dev.sluice.bench.report.Results.Cost;
import dev.sluice.bench.report.Results.Interval;
import dev.sluice.bench.report.Results.Kept;
import dev.sluice.bench.report.Results.LeftOut;
import dev.sluice.bench.report.Results.Method;
import dev.sluice.bench.report.Results.ProgramTime;
import dev.sluice.bench.report.Results.Quantile;
import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.report.Results.Subject;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Noise;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Cpus;
import dev.sluice.bench.workload.Mode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A comparison as it might come out. */
final class ResultsSample {

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
            new Subject("two-subnets", 2, 2, 0, 0, "client 10.0.1.2", "server 10.0.2.2", true)),
        List.of(
            new Results.Path("bridge", "10.0.2.2", 1500),
            new Results.Path("ebpf", "10.0.2.2", 1500),
            new Results.Path("veth", "10.0.2.2", 1500),
            new Results.Path("veth-again", "10.0.2.2", 1500)),
        List.of(new Results.Check("bridge", 52, 52), new Results.Check("ebpf", 52, 52)),
        List.of(
            able("bridge", List.of(), List.of(new Kept("TCP between endpoints", 4))),
            able("ebpf", List.of(), List.of(new Kept("TCP between endpoints", 4))),
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
                rules(10, "bridge", 17_000, Optional.of(new Estimate(1.21, 1.2, 1.22)), SLOWER),
                rules(10, "ebpf", 14_400, Optional.of(new Estimate(1.02, 1.01, 1.03)), SLOWER),
                rules(10, "veth", 14_090, Optional.empty(), Verdict.REFERENCE),
                rules(10, "veth-again", 14_100, Optional.of(new Estimate(1, 0.99, 1.01)), LEVEL),
                rules(1000, "bridge", 17_340, Optional.of(new Estimate(1.23, 1.21, 1.24)), SLOWER),
                rules(1000, "ebpf", 14_410, Optional.of(new Estimate(1.02, 1.01, 1.04)), SLOWER),
                rules(1000, "veth", 14_090, Optional.empty(), Verdict.REFERENCE),
                rules(1000, "veth-again", 14_100, Optional.of(new Estimate(1, 0.99, 1.01)), LEVEL),
                memory("bridge", 215_040, Optional.of(new Estimate(1.05, 1.03, 1.07)), SLOWER),
                memory("ebpf", 225_280, Optional.of(new Estimate(1.1, 1.08, 1.12)), SLOWER),
                memory("veth", 204_800, Optional.empty(), Verdict.REFERENCE),
                memory("veth-again", 204_800, Optional.of(new Estimate(1, 0.98, 1.02)), LEVEL),
                create("bridge", 42e6, Optional.of(new Estimate(4.2, 4.0, 4.4)), SLOWER),
                create("ebpf", 90e6, Optional.of(new Estimate(9, 8.8, 9.3)), SLOWER),
                create("veth", 10e6, Optional.empty(), Verdict.REFERENCE),
                create("veth-again", 10e6, Optional.of(new Estimate(1, 0.99, 1.01)), Verdict.LEVEL))
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

  /** The same, measured on a machine that was too busy. */
  static Results noisy() {
    Results quiet = create();
    Noise noise = new Noise(0.002, 0.4, 0);
    return of(
        quiet,
        quiet.results().stream()
            .map(
                r ->
                    changed(
                        r,
                        r.figures(),
                        r.ratio(),
                        r.noiseFloor(),
                        noise,
                        r.verdict() == Verdict.REFERENCE ? r.verdict() : Verdict.NOISY))
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
    return new Results(
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
        all.method(),
        all.subject(),
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

  /** A request/response of too few rounds for an interval. */
  static Results ofFewRounds() {
    Results many = create();
    return of(many, many.results().subList(0, 4).stream().map(ResultsSample::undecided).toList());
  }

  private static Results of(Results all, List<Result> results) {
    return new Results(
        all.environment(),
        all.wire(),
        all.method(),
        all.subject(),
        all.candidates(),
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

  /** Of twenty rounds. */
  private static List<Double> figures(double middle, double step) {
    return IntStream.range(0, 20).mapToObj(i -> middle + (i % 2 == 0 ? -step : step)).toList();
  }

  private static Ratio toReference(Estimate estimate) {
    return new Ratio(
        "veth", estimate.median(), Optional.of(new Interval(estimate.low(), estimate.high())));
  }

  private static Result rtt(String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    return new Result(
        name,
        "tcp-rr",
        Mode.SAME_CPU,
        Optional.of(new Cpus(1, 1)),
        Metric.ROUND_TRIP,
        p50,
        p50 + 600,
        p50 + 90_000,
        350_000,
        figures(p50, 10),
        List.of(
            new Quantile(50, p50),
            new Quantile(90, p50 + 600),
            new Quantile(99, p50 + 90_000),
            new Quantile(99.9, p50 + 150_000),
            new Quantile(100, p50 + 900_000)),
        Map.of(),
        Optional.of(new Cost("transaction", p50, 5000, p50 - 5000, 1000)),
        ratio.map(ResultsSample::toReference),
        Optional.of(0.003),
        new Noise(0.002, 0.05, 0),
        verdict);
  }

  private static Result stream(String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    return new Result(
        name,
        "tcp-stream",
        Mode.CROSS_CPU,
        Optional.of(new Cpus(1, 0)),
        Metric.THROUGHPUT,
        p50,
        p50 + 2e8,
        p50 + 4e8,
        20,
        figures(p50, 1e8),
        List.of(),
        Map.of(),
        Optional.of(new Cost("GB", 4e8, 1e7, 3.5e8, 5e7)),
        ratio.map(ResultsSample::toReference),
        Optional.of(0.01),
        new Noise(0.002, 0.05, 0),
        verdict);
  }

  /** As {@link #rtt}, under policy rules. */
  private static Result rules(
      int count, String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    Result r = rtt(name, p50, ratio, verdict);
    return new Result(
        r.candidate(),
        "tcp-rr-rules-" + count,
        r.mode(),
        r.cpus(),
        r.metric(),
        r.p50(),
        r.p90(),
        r.p99(),
        r.samples(),
        r.figures(),
        r.percentiles(),
        Map.of("rules", (double) count),
        r.cost(),
        r.ratio(),
        r.noiseFloor(),
        r.noise(),
        r.verdict());
  }

  private static Result memory(String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    return new Result(
        name,
        "endpoint-memory",
        Mode.UNPINNED,
        Optional.empty(),
        Metric.MEMORY,
        p50,
        p50 + 1024,
        p50 + 2048,
        20,
        figures(p50, 512),
        List.of(),
        Map.of("bytesPerNode", 5 * p50),
        Optional.empty(),
        ratio.map(ResultsSample::toReference),
        Optional.of(0.02),
        new Noise(0, 0, 0),
        verdict);
  }

  private static Result create(String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    return new Result(
        name,
        "create",
        Mode.UNPINNED,
        Optional.empty(),
        Metric.DURATION,
        p50,
        p50 + 2e6,
        p50 + 4e6,
        20,
        figures(p50, 1e5),
        List.of(),
        Map.of(),
        Optional.empty(),
        ratio.map(ResultsSample::toReference),
        Optional.of(0.01),
        new Noise(0.002, 0.05, 0),
        verdict);
  }
}
