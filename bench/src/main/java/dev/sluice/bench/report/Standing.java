package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.NoiseFloor;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.stats.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How the datapaths of a comparison stand to each other in one workload and mode, best first. Those
 * that cannot be told from the first of a group share it: a tie. Pure.
 *
 * @param groups empty where the machine was too noisy, or the rounds too few, to say anything
 */
record Standing(WorkloadKey workload, List<Group> groups) {

  Standing {
    groups = List.copyOf(groups);
  }

  /**
   * Level with each other.
   *
   * @param toLeader the ratio of this group's first to the first of all; empty for the first group
   */
  record Group(List<Result> members, Optional<Estimate> toLeader) {
    Group {
      members = List.copyOf(members);
    }

    List<String> names() {
      return members.stream().map(Result::candidate).toList();
    }
  }

  /** Of the {@code datapaths} among the results of a workload. */
  static Standing of(Results results, WorkloadKey workload, List<String> datapaths) {
    List<Result> ordered =
        results.results().stream()
            .filter(workload::matches)
            .filter(r -> datapaths.contains(r.candidate()))
            .sorted(bestFirst())
            .toList();
    if (ordered.isEmpty()
        || ordered.get(0).noise().tooMuch()
        || ordered.get(0).figures().size() < Verdict.LEAST_ROUNDS) {
      return new Standing(workload, List.of());
    }
    List<Group> groups = new ArrayList<>();
    List<Result> group = new ArrayList<>();
    for (Result next : ordered) {
      if (!group.isEmpty() && !level(next, group.get(0), results)) {
        groups.add(group(group, ordered.get(0), results));
        group = new ArrayList<>();
      }
      group.add(next);
    }
    groups.add(group(group, ordered.get(0), results));
    return new Standing(workload, groups);
  }

  private static Group group(List<Result> members, Result leader, Results results) {
    Result first = members.get(0);
    return new Group(
        members,
        first.equals(leader) ? Optional.empty() : Optional.of(ratio(first, leader, results)));
  }

  /** By the median of what each round yielded. */
  private static Comparator<Result> bestFirst() {
    Comparator<Result> less = Comparator.comparingDouble(r -> Statistics.median(figures(r)));
    return (one, other) ->
        one.metric().lessIsBetter() ? less.compare(one, other) : less.compare(other, one);
  }

  private static boolean level(Result one, Result other, Results results) {
    NoiseFloor bar =
        new NoiseFloor(1 + floor(one, other, results)).atLeast(results.method().minimumEffect());
    Verdict verdict =
        Verdict.of(
            ratio(one, other, results), one.metric(), bar, one.figures().size(), one.noise());
    return verdict == Verdict.LEVEL;
  }

  /**
   * The share that two of the reference came apart by; of an operation the time, as a share of the
   * quicker of the two: what wakes up 10 ms late does so whether the operation takes 10 or 200 ms.
   */
  private static double floor(Result one, Result other, Results results) {
    double share = one.noiseFloor().orElse(0.0);
    if (one.metric() != Metric.DURATION) {
      return share;
    }
    double quicker = Math.min(one.p50(), other.p50());
    return WorkloadKey.of(one).of(results).stream()
        .filter(r -> r.verdict() == Verdict.REFERENCE)
        .mapToDouble(reference -> share * Math.min(1, reference.p50() / quicker))
        .findFirst()
        .orElse(share);
  }

  private static Estimate ratio(Result one, Result other, Results results) {
    return Statistics.medianWithInterval(
        Statistics.pairedRatios(figures(one), figures(other)), results.method().seed());
  }

  private static double[] figures(Result result) {
    return result.figures().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
