package dev.sluice.bench;

import dev.sluice.bench.report.Results.Interval;
import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Noise;
import dev.sluice.bench.stats.NoiseFloor;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Cpus;
import dev.sluice.bench.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the slices of one workload into results: ratios, the noise floor, verdicts. Pure. */
final class Analysis {

  private Analysis() {}

  /**
   * {@code tallies}: by candidate, in the order of the report; {@link Candidate#REFERENCE} and
   * {@link Candidate#TWIN} are among them, and all have the same number of rounds. {@code
   * minimumEffect}: the least difference that is of interest, as a share.
   */
  static List<Result> of(
      Workload workload, Cpus cpus, Map<String, Tally> tallies, long seed, double minimumEffect) {
    double[] reference = tallies.get(Candidate.REFERENCE).rounds();
    NoiseFloor floor = NoiseFloor.of(ratio(tallies.get(Candidate.TWIN).rounds(), reference, seed));
    Noise noise = noise(tallies.values());
    boolean enough = reference.length >= Verdict.LEAST_ROUNDS;
    List<Result> results = new ArrayList<>();
    tallies.forEach(
        (name, tally) -> {
          boolean isReference = name.equals(Candidate.REFERENCE);
          Optional<Estimate> ratio =
              isReference ? Optional.empty() : Optional.of(ratio(tally.rounds(), reference, seed));
          results.add(
              new Result(
                  name,
                  workload.name(),
                  workload.mode(),
                  cpus,
                  workload.metric(),
                  tally.percentile(50),
                  tally.percentile(90),
                  tally.percentile(99),
                  tally.samples(),
                  Arrays.stream(tally.rounds()).boxed().toList(),
                  ratio.map(estimate -> told(estimate, enough)),
                  Optional.of(floor).filter(f -> enough),
                  noise,
                  ratio
                      .map(
                          estimate ->
                              Verdict.of(
                                  estimate,
                                  workload.metric(),
                                  floor.atLeast(minimumEffect),
                                  reference.length,
                                  noise))
                      .orElse(Verdict.REFERENCE)));
        });
    return results;
  }

  /** Whether every ratio to the reference is known so well that its interval is that narrow. */
  static boolean precise(Map<String, Tally> tallies, long seed, double precision) {
    double[] reference = tallies.get(Candidate.REFERENCE).rounds();
    return tallies.values().stream()
        .allMatch(tally -> ratio(tally.rounds(), reference, seed).precision() <= precision);
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

  /** An interval of too few rounds would be believed. */
  private static Ratio told(Estimate estimate, boolean withInterval) {
    return new Ratio(
        Candidate.REFERENCE,
        estimate.median(),
        Optional.of(new Interval(estimate.low(), estimate.high())).filter(i -> withInterval));
  }

  private static Estimate ratio(double[] values, double[] reference, long seed) {
    return Statistics.medianWithInterval(Statistics.pairedRatios(values, reference), seed);
  }
}
