package dev.sluice.bench;

import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.NoiseFloor;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Workload;
import java.util.ArrayList;
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
  static List<Result> of(Workload workload, Map<String, Tally> tallies, long seed) {
    double[] reference = tallies.get(Candidate.REFERENCE).rounds();
    NoiseFloor floor = NoiseFloor.of(ratio(tallies.get(Candidate.TWIN).rounds(), reference, seed));
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
                  workload.metric(),
                  tally.percentile(50),
                  tally.percentile(90),
                  tally.percentile(99),
                  tally.samples(),
                  ratio.map(estimate -> new Ratio(Candidate.REFERENCE, estimate)),
                  floor,
                  ratio
                      .map(
                          estimate ->
                              Verdict.of(estimate, workload.metric(), floor, reference.length))
                      .orElse(Verdict.REFERENCE)));
        });
    return results;
  }

  private static Estimate ratio(double[] values, double[] reference, long seed) {
    return Statistics.medianWithInterval(Statistics.pairedRatios(values, reference), seed);
  }
}
