package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Chart;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Metric;
import java.util.ArrayList;
import java.util.List;

/** The ratios of all that carries traffic. Pure. */
record TrafficSection(Results results) {

  Section section() {
    List<Block> blocks = new ArrayList<>();
    List<WorkloadKey> traffic =
        WorkloadKey.all(results).stream().filter(WorkloadKey::isTraffic).toList();
    if (!traffic.isEmpty()) {
      blocks.add(
          new Words(
              List.of(
                  "Every figure is a ratio of two things that were measured in turn in the same"
                      + " rounds. The bar is the median of the per-round ratios to "
                      + results.reference()
                      + " without policy, the whisker its 95% interval, the grey band the noise"
                      + " floor: how far two of that came out apart. A whisker without a mark at its end"
                      + " goes on beyond the chart.")));
      String ratio = ", ratio to " + results.reference();
      List<Metric> metrics = traffic.stream().map(w -> w.of(results).get(0).metric()).toList();
      if (metrics.contains(Metric.ROUND_TRIP)) {
        blocks.add(chart("times", "Times" + ratio + ": less is better"));
      }
      if (metrics.contains(Metric.LATENCY)) {
        blocks.add(chart("tails", "p99 at a fixed rate" + ratio + ": less is better"));
      }
      if (metrics.stream().anyMatch(m -> !m.lessIsBetter())) {
        blocks.add(chart("rates", "Rates" + ratio + ": more is better"));
      }
      traffic.forEach(w -> blocks.add(table(results, w)));
    }
    return new Section("ratios", "Traffic", blocks);
  }

  private static Chart chart(String which, String title) {
    return new Chart("ratios", "", which, title);
  }

  /** All figures of one workload. */
  static Table table(Results results, WorkloadKey workload) {
    List<Result> rows = workload.of(results);
    Metric metric = rows.get(0).metric();
    String unit = Figures.unit(metric);
    boolean loss = rows.get(0).extras().containsKey("loss");
    boolean held = rows.get(0).extras().containsKey("bytesPerConnection");
    List<String> header =
        new ArrayList<>(
            List.of(
                "candidate",
                "p50 " + unit,
                "p90 " + unit,
                "p99 " + unit,
                "ratio",
                "95% interval",
                "verdict"));
    if (loss) {
      header.add("loss");
    }
    if (held) {
      header.add("kernel bytes per connection");
    }
    List<List<String>> cells = new ArrayList<>();
    for (Result r : rows) {
      List<String> row =
          new ArrayList<>(
              List.of(
                  r.candidate(),
                  Figures.of(r.p50(), metric),
                  Figures.of(r.p90(), metric),
                  Figures.of(r.p99(), metric),
                  r.ratio().map(ratio -> Figures.ratio(ratio.median())).orElse("1"),
                  r.ratio().flatMap(Results.Ratio::interval).map(Figures::interval).orElse(""),
                  r.verdict().word()));
      if (loss) {
        row.add(Figures.percent(r.extras().get("loss")));
      }
      if (held) {
        row.add(Figures.format("%.0f", r.extras().get("bytesPerConnection")));
      }
      cells.add(row);
    }
    String floor =
        rows.get(0)
            .noiseFloor()
            .map(f -> Figures.format(", A/A noise floor \u00b1%.2f%%", 100 * f))
            .orElse("");
    return new Table(
        "%s (%s): %s%s; %s%s"
            .formatted(
                Figures.capital(workload.title()),
                workload.label(),
                metric.lessIsBetter() ? "less is better" : "more is better",
                metric == Metric.LATENCY ? ", ratios are of p99" : "",
                Figures.rounds(rows.get(0).figures().size()),
                floor),
        header,
        cells);
  }
}
