package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.workload.Mode;
import java.util.List;
import java.util.Optional;

/**
 * One workload measured again with a tool of others.
 *
 * @param tool its name
 * @param unit of the figures
 * @param seconds that each slice of either took
 * @param figures in the order of the candidates
 */
public record CrossChecked(
    String tool,
    String workload,
    Mode mode,
    Metric metric,
    String unit,
    int seconds,
    List<Figures> figures) {

  public CrossChecked {
    figures = List.copyOf(figures);
  }

  /**
   * Of one candidate.
   *
   * @param builtIn of each round, in order, by Sluice's own generator
   * @param foreign of the same rounds, by the tool
   * @param agreement the ratio of the tool's figures to the built-in generator's
   * @param builtInRatio what the built-in generator has as the ratio to the reference; that itself
   *     has none
   * @param foreignRatio what the tool has
   */
  public record Figures(
      String candidate,
      List<Double> builtIn,
      List<Double> foreign,
      Ratio agreement,
      Optional<Ratio> builtInRatio,
      Optional<Ratio> foreignRatio) {
    public Figures {
      builtIn = List.copyOf(builtIn);
      foreign = List.copyOf(foreign);
    }
  }
}
