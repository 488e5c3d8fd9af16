package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Interval;
import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Noise;
import dev.sluice.bench.stats.NoiseFloor;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Cpus;
import dev.sluice.bench.workload.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A comparison as it might come out. */
final class ResultsSample {

  private ResultsSample() {}

  static Results create() {
    return new Results(
        new Environment(
            Instant.parse("2026-11-23T12:00:00Z"),
            "6.1.0-40-amd64",
            "Some CPU",
            2,
            Optional.empty(),
            Optional.of("mitigations=auto"),
            Optional.of(true),
            "17.0.15 OpenJDK 64-Bit Server VM",
            0.25,
            0.002),
        20,
        Duration.ofMillis(250),
        1,
        0.01,
        0.01,
        List.of(
            new Results.Path("bridge", "10.0.2.2", 1500),
            new Results.Path("veth", "10.0.2.2", 1500),
            new Results.Path("veth-again", "10.0.2.2", 1500)),
        List.of(new Results.Check("bridge", 52, 52)),
        List.of(
            rtt("bridge", 15_610, Optional.of(new Estimate(1.108, 1.104, 1.112)), Verdict.SLOWER),
            rtt("veth", 14_090, Optional.empty(), Verdict.REFERENCE),
            rtt(
                "veth-again",
                14_100,
                Optional.of(new Estimate(1.001, 0.998, 1.003)),
                Verdict.LEVEL),
            stream("bridge", 9.1e9, Optional.of(new Estimate(1.25, 1.2, 1.3)), Verdict.FASTER),
            stream("veth", 1.02e10, Optional.empty(), Verdict.REFERENCE),
            stream(
                "veth-again", 1.02e10, Optional.of(new Estimate(1, 0.99, 1.01)), Verdict.LEVEL)));
  }

  /** A request/response of too few rounds for an interval. */
  static Results ofFewRounds() {
    Results many = create();
    return new Results(
        many.environment(),
        2,
        many.slice(),
        many.seed(),
        many.precision(),
        many.minimumEffect(),
        many.candidates(),
        List.of(),
        many.results().subList(0, 3).stream().map(ResultsSample::undecided).toList());
  }

  private static Result undecided(Result result) {
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
        result.rounds().subList(0, 2),
        result.ratio().map(ratio -> new Ratio(ratio.to(), ratio.median(), Optional.empty())),
        Optional.empty(),
        result.noise(),
        result.ratio().map(ratio -> Verdict.UNDECIDED).orElse(Verdict.REFERENCE));
  }

  /** Of twenty rounds. */
  private static List<Double> figures(double middle, double step) {
    return IntStream.range(0, 20).mapToObj(i -> middle + (i % 2 == 0 ? -step : step)).toList();
  }

  private static Ratio toVeth(Estimate estimate) {
    return new Ratio(
        "veth", estimate.median(), Optional.of(new Interval(estimate.low(), estimate.high())));
  }

  private static Result rtt(String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    return new Result(
        name,
        "tcp-rr",
        Mode.SAME_CPU,
        new Cpus(1, 1),
        Metric.ROUND_TRIP,
        p50,
        p50 + 600,
        p50 + 90_000,
        350_000,
        figures(p50, 10),
        ratio.map(ResultsSample::toVeth),
        Optional.of(new NoiseFloor(1.003)),
        new Noise(0.002, 0.05, 0),
        verdict);
  }

  private static Result stream(String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    return new Result(
        name,
        "tcp-stream",
        Mode.CROSS_CPU,
        new Cpus(1, 0),
        Metric.THROUGHPUT,
        p50,
        p50 + 2e8,
        p50 + 4e8,
        20,
        figures(p50, 1e8),
        ratio.map(ResultsSample::toVeth),
        Optional.of(new NoiseFloor(1.01)),
        new Noise(0.002, 0.05, 0),
        verdict);
  }
}
