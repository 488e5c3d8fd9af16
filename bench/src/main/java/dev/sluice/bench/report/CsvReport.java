package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Result;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Results as a table for other programs (RFC 4180), one line each; units as in the JSON. Pure. */
final class CsvReport {

  private record Column(String name, Function<Result, Object> value) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("candidate", Result::candidate),
          new Column("workload", Result::workload),
          new Column("mode", r -> r.mode().word()),
          new Column("metric", r -> r.metric().word()),
          new Column("unit", r -> r.metric().unit()),
          new Column("p50", Result::p50),
          new Column("p90", Result::p90),
          new Column("p99", Result::p99),
          new Column("samples", Result::samples),
          new Column("rounds", r -> r.figures().size()),
          new Column("ratio_to", r -> orEmpty(r.ratio().map(Results.Ratio::to))),
          new Column("ratio", r -> orEmpty(r.ratio().map(Results.Ratio::median))),
          new Column("ratio_low", r -> orEmpty(interval(r).map(Results.Interval::low))),
          new Column("ratio_high", r -> orEmpty(interval(r).map(Results.Interval::high))),
          new Column("noise_floor", r -> orEmpty(r.noiseFloor())),
          new Column("verdict", r -> r.verdict().word()),
          new Column("cost_per", r -> orEmpty(r.cost().map(Results.Cost::per))),
          new Column("cost_process_ns", r -> orEmpty(r.cost().map(Results.Cost::process))),
          new Column("cost_user_ns", r -> orEmpty(r.cost().map(Results.Cost::user))),
          new Column("cost_system_ns", r -> orEmpty(r.cost().map(Results.Cost::system))),
          new Column("cost_softirq_ns", r -> orEmpty(r.cost().map(Results.Cost::softirq))),
          new Column("loss", r -> r.extras().getOrDefault("loss", Double.NaN)),
          new Column(
              "bytes_per_connection",
              r -> r.extras().getOrDefault("bytesPerConnection", Double.NaN)),
          new Column("rules", r -> r.extras().getOrDefault("rules", Double.NaN)),
          new Column("endpoints", r -> r.extras().getOrDefault("endpoints", Double.NaN)),
          new Column("bytes_per_node", r -> r.extras().getOrDefault("bytesPerNode", Double.NaN)),
          new Column("steal_share", r -> r.noise().stealShare()),
          new Column("others_share", r -> r.noise().othersShare()));

  private CsvReport() {}

  static String render(Results results) {
    return Stream.concat(
            Stream.of(line(COLUMNS.stream().map(Column::name))),
            results.results().stream()
                .map(r -> line(COLUMNS.stream().map(c -> text(c.value().apply(r))))))
        .collect(Collectors.joining());
  }

  private static Optional<Results.Interval> interval(Result result) {
    return result.ratio().flatMap(Results.Ratio::interval);
  }

  private static Object orEmpty(Optional<?> value) {
    return value.isPresent() ? value.get() : "";
  }

  private static String text(Object value) {
    return value.equals(Double.NaN) ? "" : value.toString();
  }

  private static String line(Stream<String> cells) {
    return cells.map(CsvReport::quoted).collect(Collectors.joining(",", "", "\r\n"));
  }

  private static String quoted(String cell) {
    return cell.matches("[^\",\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
