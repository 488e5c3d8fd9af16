package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Cost;
import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Metric;
import java.util.List;
import java.util.Optional;

/** What of a result datapaths are compared by. Pure. */
enum Aspect {
  /** What its workload measures. */
  FIGURE,
  /** The CPU time of the whole machine that it took. */
  CPU_TIME;

  /** Of each round; none where that is not known. */
  List<Double> figures(Result result) {
    return switch (this) {
      case FIGURE -> result.figures();
      case CPU_TIME -> result.cost().flatMap(Cost::figures).orElse(List.of());
    };
  }

  /** How far two of the same came out apart, as a share; 0 where that is not known. */
  double floor(Result result) {
    Optional<Double> floor =
        switch (this) {
          case FIGURE -> result.noiseFloor();
          case CPU_TIME -> result.cost().flatMap(Cost::noiseFloor);
        };
    return floor.orElse(0.0);
  }

  boolean lessIsBetter(Result result) {
    return this == CPU_TIME || result.metric().lessIsBetter();
  }

  /** Whether it is an operation's time, and its noise so too. */
  boolean isDuration(Result result) {
    return this == FIGURE && result.metric() == Metric.DURATION;
  }

  /** With its unit, and its ratio to the reference. */
  String text(Result result) {
    return switch (this) {
      case FIGURE ->
          Figures.typical(result) + " " + Figures.unit(result.metric()) + ratio(result.ratio());
      case CPU_TIME ->
          result
              .cost()
              .map(c -> Figures.format("%.0f ns per %s", c.machine(), c.per()) + ratio(c.ratio()))
              .orElse("");
    };
  }

  private static String ratio(Optional<Ratio> ratio) {
    return ratio.map(r -> " (" + Figures.of(r) + " times " + r.to() + ")").orElse("");
  }
}
