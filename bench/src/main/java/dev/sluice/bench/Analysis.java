package dev.sluice.bench;

import dev.sluice.bench.report.Results.Interval;
import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.NoiseFloor;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Cpus;
import dev.sluice.bench.workload.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the slices of one workload into results: ratios, the noise floor, verdicts. Pure. */
final class Analysis {

  private Analysis() {}

  /**
   * {@code tallies}: by candidate, in the order of the report; {@link Candidate#REFERENCE} and
   * {@link Candidate#TWIN} are among them, and all have the same number of rounds.
   */
  static List<Result> of(Workload workload, Cpus cpus, Map<String, Tally> tallies, long seed) {
    double[] reference = tallies.get(Candidate.REFERENCE).rounds();
    NoiseFloor floor = NoiseFloor.of(ratio(tallies.get(Candidate.TWIN).rounds(), reference, seed));
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
                  ratio
                      .map(
                          estimate ->
                              Verdict.of(estimate, workload.metric(), floor, reference.length))
                      .orElse(Verdict.REFERENCE)));
        });
    return results;
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
