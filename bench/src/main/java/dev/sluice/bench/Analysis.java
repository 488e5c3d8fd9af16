package dev.sluice.bench;

import dev.sluice.bench.report.Results.Cost;
import dev.sluice.bench.report.Results.Interval;
import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Noise;
import dev.sluice.bench.stats.NoiseFloor;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Cpus;
import dev.sluice.bench.workload.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Turns what one workload yielded into results: ratios, the noise floor, verdicts, cost. Pure.
 *
 * @param workload its name
 * @param cpus empty: the kernel chose
 * @param extras what is to be known of all of them, beside what each has seen
 * @param minimumEffect the least difference that is of interest, as a share
 * @param tallies by candidate, in the order of the report; all have the same number of rounds.
 *     Ratios refer to {@link Candidate#REFERENCE} or {@link Candidate#RAW}, or where neither is
 *     among them to the first
 */
record Analysis(
    String workload,
    Mode mode,
    Optional<Cpus> cpus,
    Metric metric,
    Map<String, Double> extras,
    long seed,
    double minimumEffect,
    Map<String, Tally> tallies) {

  private static final double GIGABYTE = 1e9;

  List<Result> results() {
    Optional<NoiseFloor> floor =
        Optional.ofNullable(tallies.get(Candidate.twin(referenceName())))
            .map(twin -> NoiseFloor.of(ratio(twin.rounds(), reference().rounds(), seed)));
    Noise noise = noise(tallies.values());
    List<Result> results = new ArrayList<>();
    tallies.forEach((name, tally) -> results.add(result(name, tally, floor, noise)));
    return results;
  }

  private Result result(String name, Tally tally, Optional<NoiseFloor> floor, Noise noise) {
    int rounds = tally.rounds().length;
    boolean enough = rounds >= Verdict.LEAST_ROUNDS;
    Optional<Estimate> ratio =
        name.equals(referenceName())
            ? Optional.empty()
            : Optional.of(ratio(tally.rounds(), reference().rounds(), seed));
    NoiseFloor bar = floor.orElse(new NoiseFloor(1)).atLeast(minimumEffect);
    return new Result(
        name,
        workload,
        mode,
        cpus,
        metric,
        tally.percentile(50),
        tally.percentile(90),
        tally.percentile(99),
        tally.samples(),
        Arrays.stream(tally.rounds()).boxed().toList(),
        tally.curve(),
        extras(tally),
        cost(name, tally, enough),
        ratio.map(estimate -> told(estimate, enough)),
        floor.filter(f -> enough).map(NoiseFloor::share),
        noise,
        ratio
            .map(estimate -> Verdict.of(estimate, metric, bar, rounds, noise))
            .orElse(Verdict.REFERENCE));
  }

  private Map<String, Double> extras(Tally tally) {
    Map<String, Double> all = new TreeMap<>(extras);
    all.putAll(tally.extras());
    return all;
  }

  private String referenceName() {
    return Stream.of(Candidate.REFERENCE, Candidate.RAW)
        .filter(tallies::containsKey)
        .findFirst()
        .orElseGet(() -> tallies.keySet().iterator().next());
  }

  private Tally reference() {
    return tallies.get(referenceName());
  }

  /** An interval of too few rounds would be believed. */
  private Ratio told(Estimate estimate, boolean withInterval) {
    return new Ratio(
        referenceName(),
        estimate.median(),
        Optional.of(new Interval(estimate.low(), estimate.high())).filter(i -> withInterval));
  }

  private Optional<Cost> cost(String name, Tally tally, boolean enough) {
    if (tally.units() == 0) {
      return Optional.empty();
    }
    double each = metric == Metric.THROUGHPUT ? GIGABYTE : 1;
    double units = tally.units() / each;
    CpuTimes cpu = tally.cpu();
    return Optional.of(
        new Cost(
            metric.costUnit(),
            cpu.process() / units,
            cpu.user() / units,
            cpu.system() / units,
            cpu.softirq() / units,
            costs(tally).map(costs -> Arrays.stream(costs).mapToObj(c -> c * each).toList()),
            costRatio(tally)
                .filter(ratio -> !name.equals(referenceName()))
                .map(ratio -> told(ratio, enough)),
            Optional.ofNullable(tallies.get(Candidate.twin(referenceName())))
                .flatMap(this::costRatio)
                .filter(ratio -> enough)
                .map(ratio -> NoiseFloor.of(ratio).share())));
  }

  private Optional<Estimate> costRatio(Tally tally) {
    return costs(tally).flatMap(own -> costs(reference()).map(others -> ratio(own, others, seed)));
  }

  /** Of each round; empty where one was too short for the kernel's tick to see it, or in vain. */
  private static Optional<double[]> costs(Tally tally) {
    return Optional.of(tally.costs())
        .filter(costs -> Arrays.stream(costs).allMatch(c -> c > 0 && Double.isFinite(c)));
  }

  /** Whether every ratio to the reference is known so well that its interval is that narrow. */
  static boolean precise(Map<String, Tally> tallies, long seed, double precision) {
    Tally reference = tallies.get(Candidate.REFERENCE);
    return tallies.values().stream()
        .map(tally -> ratio(tally.rounds(), reference.rounds(), seed))
        .allMatch(ratio -> ratio.precision() <= precision);
  }

  /**
   * What others used: more than this process did. Where the kernel works for our packets in threads
   * of its own (ksoftirqd), that counts as others' too.
   */
  private static Noise noise(Collection<Tally> tallies) {
    CpuTimes all = tallies.stream().map(Tally::cpu).reduce(CpuTimes.NONE, CpuTimes::plus);
    double total = Math.max(1, all.total());
    return new Noise(
        all.steal() / total, Math.max(0, all.busy() - all.process()) / total, all.throttled());
  }

  private static Estimate ratio(double[] one, double[] reference, long seed) {
    return Statistics.medianWithInterval(Statistics.pairedRatios(one, reference), seed);
  }
}
