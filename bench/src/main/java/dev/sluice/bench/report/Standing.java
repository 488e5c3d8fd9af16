package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.NoiseFloor;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.stats.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the datapaths of a comparison stand to each other in one workload and mode, best first. Those
 * that cannot be told from the first of a group share it: a tie. So everybody of a later group is
 * told apart from the first of all. Any two might have come out first, by luck as well: all pairs
 * count as compared, so that equal ones are told apart in 5 of 100 cases at most. Pure.
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

  /** Of the {@code datapaths} among the results of a workload, by what that measures. */
  static Standing of(Results results, WorkloadKey workload, List<String> datapaths) {
    return of(results, workload, datapaths, Aspect.FIGURE);
  }

  /** The same, by {@code aspect}. */
  static Standing of(Results results, WorkloadKey workload, List<String> datapaths, Aspect aspect) {
    List<Result> some =
        workload.of(results).stream().filter(r -> datapaths.contains(r.candidate())).toList();
    int pairs = Math.max(1, some.size() * (some.size() - 1) / 2);
    int least = Verdict.leastRounds(pairs);
    boolean undecided =
        some.stream().anyMatch(r -> r.noise().tooMuch() || aspect.figures(r).size() < least);
    return new Standing(
        workload, undecided ? List.of() : new Judge(results, aspect, pairs).groups(some));
  }

  private record Judge(Results results, Aspect aspect, int pairs) {

    private List<Group> groups(List<Result> some) {
      List<Result> ordered = some.stream().sorted(bestFirst()).toList();
      List<Group> groups = new ArrayList<>();
      for (List<Result> rest = ordered; !rest.isEmpty(); ) {
        Result first = rest.get(0);
        Map<Boolean, List<Result>> tied =
            rest.stream()
                .collect(Collectors.partitioningBy(r -> r.equals(first) || level(r, first)));
        groups.add(
            new Group(
                tied.get(true),
                groups.isEmpty()
                    ? Optional.empty()
                    : Optional.of(ratio(first, ordered.get(0), 1))));
        rest = tied.get(false);
      }
      return groups;
    }

    /** By the median of what each round yielded. */
    private Comparator<Result> bestFirst() {
      Comparator<Result> less = Comparator.comparingDouble(r -> Statistics.median(figures(r)));
      return (one, other) ->
          aspect.lessIsBetter(one) ? less.compare(one, other) : less.compare(other, one);
    }

    private boolean level(Result one, Result other) {
      NoiseFloor bar =
          new NoiseFloor(1 + floor(one, other)).atLeast(results.method().minimumEffect());
      Estimate ratio = ratio(one, other, pairs);
      return !ratio.excludes(1) || !bar.exceededBy(ratio.median());
    }

    /**
     * The share that two of the reference came apart by; of an operation the time, as a share of
     * the quicker of the two: what wakes up 10 ms late does so whether the operation takes 10 or
     * 200 ms.
     */
    private double floor(Result one, Result other) {
      double share = aspect.floor(one);
      if (!aspect.isDuration(one)) {
        return share;
      }
      double quicker = Math.min(one.p50(), other.p50());
      return WorkloadKey.of(one).of(results).stream()
          .filter(r -> r.verdict() == Verdict.REFERENCE)
          .mapToDouble(reference -> share * Math.min(1, reference.p50() / quicker))
          .findFirst()
          .orElse(share);
    }

    private Estimate ratio(Result one, Result other, int comparisons) {
      return Statistics.medianWithInterval(
          Statistics.pairedRatios(figures(one), figures(other)),
          comparisons,
          results.method().seed());
    }

    private double[] figures(Result result) {
      return aspect.figures(result).stream().mapToDouble(Double::doubleValue).toArray();
    }
  }
}
