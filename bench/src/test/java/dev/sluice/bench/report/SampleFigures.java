package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Cost;
import dev.sluice.bench.report.Results.Interval;
import dev.sluice.bench.report.Results.Quantile;
import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Noise;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Cpus;
import dev.sluice.bench.workload.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The results of {@link ResultsSample}, one by one. */
final class SampleFigures {

  private SampleFigures() {}

  /** Of twenty rounds. */
  private static List<Double> figures(double middle, double step) {
    return IntStream.range(0, 20).mapToObj(i -> middle + (i % 2 == 0 ? -step : step)).toList();
  }

  static Ratio toReference(Estimate estimate) {
    return new Ratio(
        "veth", estimate.median(), Optional.of(new Interval(estimate.low(), estimate.high())));
  }

  /** Round trips of which nothing but the rounds matters. */
  static Result rounds(String name, double[] figures, Optional<Double> floor) {
    Result r = rtt(name, Statistics.median(figures), Optional.empty(), Verdict.LEVEL);
    return new Result(
        r.candidate(),
        r.workload(),
        r.mode(),
        r.cpus(),
        r.metric(),
        r.p50(),
        r.p90(),
        r.p99(),
        r.samples(),
        Arrays.stream(figures).boxed().toList(),
        r.percentiles(),
        r.extras(),
        Optional.empty(),
        r.ratio(),
        floor,
        r.noise(),
        r.verdict());
  }

  static Result rtt(String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
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
        Optional.of(
            new Cost(
                "transaction",
                p50,
                5000,
                p50 - 5000,
                1000,
                Optional.of(figures(p50 + 1000, 20)),
                ratio.map(SampleFigures::toReference),
                Optional.of(0.004))),
        ratio.map(SampleFigures::toReference),
        Optional.of(0.003),
        new Noise(0.002, 0.05, 0),
        verdict);
  }

  static Result stream(String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
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
        Optional.of(
            new Cost(
                "GB", 4e8, 1e7, 3.5e8, 5e7, Optional.empty(), Optional.empty(), Optional.empty())),
        ratio.map(SampleFigures::toReference),
        Optional.of(0.01),
        new Noise(0.002, 0.05, 0),
        verdict);
  }

  /** At a fixed rate. */
  static Result tail(String name, double p99, Optional<Estimate> ratio, Verdict verdict) {
    Result r = rtt(name, p99 / 3, ratio, verdict);
    return new Result(
        r.candidate(),
        "tcp-open-loop",
        Mode.CROSS_CPU,
        Optional.of(new Cpus(1, 0)),
        Metric.LATENCY,
        r.p50(),
        r.p90(),
        p99,
        r.samples(),
        figures(p99, 100),
        r.percentiles(),
        r.extras(),
        r.cost(),
        r.ratio(),
        Optional.of(0.01),
        r.noise(),
        r.verdict());
  }

  /** As {@link #rtt}, under policy rules. */
  static Result rules(
      int count, String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    return at(new Size(Size.Sort.RULES, count), rtt(name, p50, ratio, verdict));
  }

  /** As {@link #rtt}, among so many endpoints. */
  static Result among(
      int count, String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    return at(new Size(Size.Sort.ENDPOINTS, count), rtt(name, p50, ratio, verdict));
  }

  static Result node(
      int count, String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    Result each = memory("node-memory", name, p50, Map.of(), ratio, verdict);
    return at(new Size(Size.Sort.ENDPOINTS, count), each);
  }

  private static Result at(Size size, Result r) {
    return new Result(
        r.candidate(),
        size.of(r.workload()),
        r.mode(),
        r.cpus(),
        r.metric(),
        r.p50(),
        r.p90(),
        r.p99(),
        r.samples(),
        r.figures(),
        r.percentiles(),
        size.extras(),
        r.cost(),
        r.ratio(),
        r.noiseFloor(),
        r.noise(),
        r.verdict());
  }

  /** With the CPU time of each round. */
  static Result costing(Result r, Optional<List<Double>> nanos) {
    return new Result(
        r.candidate(),
        r.workload(),
        r.mode(),
        r.cpus(),
        r.metric(),
        r.p50(),
        r.p90(),
        r.p99(),
        r.samples(),
        r.figures(),
        r.percentiles(),
        r.extras(),
        r.cost()
            .map(
                c ->
                    new Cost(
                        c.per(),
                        c.process(),
                        c.user(),
                        c.system(),
                        c.softirq(),
                        nanos,
                        c.ratio(),
                        c.noiseFloor())),
        r.ratio(),
        r.noiseFloor(),
        r.noise(),
        r.verdict());
  }

  static Result memory(String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
    Map<String, Double> perNode = Map.of("bytesPerNode", 5 * p50);
    return memory("endpoint-memory", name, p50, perNode, ratio, verdict);
  }

  private static Result memory(
      String workload,
      String name,
      double p50,
      Map<String, Double> extras,
      Optional<Estimate> ratio,
      Verdict verdict) {
    return new Result(
        name,
        workload,
        Mode.UNPINNED,
        Optional.empty(),
        Metric.MEMORY,
        p50,
        p50 + 1024,
        p50 + 2048,
        20,
        figures(p50, 512),
        List.of(),
        extras,
        Optional.empty(),
        ratio.map(SampleFigures::toReference),
        Optional.of(0.02),
        new Noise(0, 0, 0),
        verdict);
  }

  static Result creation(String name, double p50, Optional<Estimate> ratio, Verdict verdict) {
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
        ratio.map(SampleFigures::toReference),
        Optional.of(0.01),
        new Noise(0.002, 0.05, 0),
        verdict);
  }
}
