package dev.sluice.bench.targets;

import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bpf.kind.BpfLinkKind;
import dev.sluice.bpf.kind.BpfObjectKind;
import dev.sluice.bpf.kind.BpfVersionKind;
import dev.sluice.core.reconcile.kind.Kinds;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * What the benchmarks share. {@code bench/targets/all} reads the lines that {@link #tell} prints.
 */
final class Targets {

  private Targets() {}

  /**
   * Prints what came of a target of {@code docs/performance.md}, of which less is better.
   *
   * @param reach the most that is good
   * @param beat the most that is what we are after
   */
  static void tell(int target, String what, Estimate reached, double reach, double beat) {
    tell(target, what, reached.median(), told(reached), reach, beat);
  }

  /** The same for a figure that is no ratio. */
  static void tell(int target, String what, double reached, double reach, double beat) {
    tell(target, what, reached, String.format(Locale.ROOT, "%.0f", reached), reach, beat);
  }

  private static void tell(
      int target, String what, double reached, String figure, double reach, double beat) {
    System.out.printf(
        "target %d: %s: %s; reach %s, beat %s: %s%n",
        target,
        what,
        figure,
        BigDecimal.valueOf(reach).stripTrailingZeros().toPlainString(),
        BigDecimal.valueOf(beat).stripTrailingZeros().toPlainString(),
        reached <= beat ? "beaten" : reached <= reach ? "reached" : "missed");
  }

  /** The median of the rounds' ratios of one result to another, of one run. */
  static Estimate ratio(Result one, Result other, long seed) {
    return Statistics.medianWithInterval(
        Statistics.pairedRatios(figures(one), figures(other)), seed);
  }

  private static double[] figures(Result result) {
    return result.figures().stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** A ratio, with its interval. */
  static String told(Estimate ratio) {
    return String.format(
        Locale.ROOT, "%.3f [%.3f, %.3f]", ratio.median(), ratio.low(), ratio.high());
  }

  /** Core's kinds of objects, and those of BPF. */
  static Kinds kinds() {
    return Kinds.core().and(List.of(new BpfObjectKind(), new BpfVersionKind(), new BpfLinkKind()));
  }
}
