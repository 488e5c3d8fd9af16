package dev.sluice.bench.report;

import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Noise;
import dev.sluice.bench.stats.NoiseFloor;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Cpus;
import dev.sluice.bench.workload.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of one comparison.
 *
 * @param rounds measured at least, without the warm-up
 * @param precision rounds were added until every ratio's interval reached no farther from its
 *     median, as a share, or the time was over
 * @param minimumEffect the least difference that is called one, as a share
 * @param candidates in the order they were given
 * @param checks of each datapath, with real packets, before the timing; after it they are repeated
 * @param results workload by workload, within each in the order of the candidates
 */
public record Results(
    Environment environment,
    int rounds,
    Duration slice,
    long seed,
    double precision,
    double minimumEffect,
    List<Path> candidates,
    List<Check> checks,
    List<Result> results) {

  public Results {
    candidates = List.copyOf(candidates);
    checks = List.copyOf(checks);
    results = List.copyOf(results);
  }

  /** How many probes of a datapath did what the topology promises; controls promise nothing. */
  public record Check(String datapath, int probes, int agree) {}

  /** The same results, with the checks of the datapaths. */
  public Results withChecks(List<Check> made) {
    return new Results(
        environment, rounds, slice, seed, precision, minimumEffect, candidates, made, results);
  }

  /** A candidate as it stands in the report; {@code mtu} in bytes. */
  public record Path(String name, String serverAddress, int mtu) {}

  /**
   * One workload on one candidate.
   *
   * @param cpus that the two ends were pinned to
   * @param p50 and the others: in the metric's unit; of round trips over all transactions, of a
   *     stream over its slices
   * @param samples how many values the percentiles are of
   * @param rounds the slice's figure of each round, in order: those of two candidates of a workload
   *     are pairs
   * @param ratio to the reference; the reference itself has none
   * @param noise of the machine, while this workload and mode ran on any candidate
   * @param noiseFloor of this workload and mode; empty below {@link Verdict#LEAST_ROUNDS} rounds
   */
  public record Result(
      String candidate,
      String workload,
      Mode mode,
      Cpus cpus,
      Metric metric,
      double p50,
      double p90,
      double p99,
      long samples,
      List<Double> rounds,
      Optional<Ratio> ratio,
      Optional<NoiseFloor> noiseFloor,
      Noise noise,
      Verdict verdict) {
    public Result {
      rounds = List.copyOf(rounds);
    }
  }

  /**
   * The median of the per-round ratios of the slices' figures to those of {@code to}.
   *
   * @param interval that holds the true median with 95%; empty below {@link Verdict#LEAST_ROUNDS}
   *     rounds, of which there is none
   */
  public record Ratio(String to, double median, Optional<Interval> interval) {}

  /** The bounds of a 95% interval. */
  public record Interval(double low, double high) {}
}
