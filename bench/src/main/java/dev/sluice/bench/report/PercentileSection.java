package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Chart;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Results.Quantile;
import dev.sluice.bench.report.Results.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The distributions of all that has transactions. Pure. */
record PercentileSection(Results results) {

  Section section() {
    List<Block> blocks = new ArrayList<>();
    for (WorkloadKey workload : WorkloadKey.all(results)) {
      List<Result> rows = workload.of(results);
      if (!workload.isTraffic() || rows.stream().allMatch(r -> r.percentiles().isEmpty())) {
        continue;
      }
      blocks.add(
          new Chart("percentiles", workload.workload(), workload.mode().word(), workload.title()));
      List<String> header = new ArrayList<>(List.of("candidate"));
      for (Quantile q : rows.get(0).percentiles()) {
        header.add(q.percent() == 100 ? "max" : "p" + Figures.format("%s", trimmed(q.percent())));
      }
      blocks.add(
          new Table(
              workload.label() + ", \u00b5s",
              header,
              rows.stream()
                  .map(
                      r ->
                          Stream.concat(
                                  Stream.of(r.candidate()),
                                  r.percentiles().stream().map(q -> micros(q.value())))
                              .toList())
                  .toList()));
    }
    if (!blocks.isEmpty()) {
      blocks.add(
          0,
          new Words(
              List.of(
                  "Over all transactions of all rounds. But for tcp-open-loop these are closed"
                      + " loops: the next request leaves when the answer to the last is there, so"
                      + " that a stall is counted once and not for all that it would have delayed."
                      + " They tell how round trips scatter, and no tail latency under load.")));
    }
    return new Section("percentiles", "Percentiles", blocks);
  }

  /** Of nanoseconds; as many digits as the smallest have, or the last column is off the page. */
  private static String micros(double nanos) {
    double micros = nanos / 1e3;
    return Figures.format(micros < 100 ? "%.2f" : micros < 1000 ? "%.1f" : "%.0f", micros);
  }

  private static String trimmed(double percent) {
    return percent == Math.rint(percent)
        ? Integer.toString((int) percent)
        : Double.toString(percent);
  }
}
