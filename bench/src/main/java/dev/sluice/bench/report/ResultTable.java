package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Ratio;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Results as text for people: one table for each workload and mode, of whatever sizes it was run
 * at. Pure.
 */
public final class ResultTable {

  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";
  private static final String GAP = "  ";

  private ResultTable() {}

  /** {@code colour}: whether verdicts are set in ANSI colours; only for terminals. */
  public static String render(Results results, boolean colour) {
    Map<String, List<Result>> tables = new LinkedHashMap<>();
    for (Result result : results.results()) {
      if (WorkloadKey.of(result).size().isPresent()) {
        continue;
      }
      String title = result.workload() + ", " + result.mode().word();
      tables.computeIfAbsent(title, key -> new ArrayList<>()).add(result);
    }
    StringBuilder text = new StringBuilder();
    results.wire().ifPresent(wire -> append(text, results.environment(), wire));
    for (Results.Check check : results.checks()) {
      text.append(check.datapath())
          .append(": ")
          .append(check.agree())
          .append(" of ")
          .append(check.probes())
          .append(" probes with real packets agree with the topology\n");
    }
    tables.forEach(
        (title, rows) -> {
          if (!text.isEmpty()) {
            text.append('\n');
          }
          append(text, title, rows, colour);
        });
    results.crossChecks().forEach(c -> append(text, CrossCheckSection.table(c)));
    new ScaleSection(results).tables().forEach(t -> append(text, t));
    text.append('\n');
    append(text, new VerdictSection(results, datapaths(results)).section());
    results.recommendation().ifPresent(r -> text.append('\n').append(r.text()));
    results.against().ifPresent(a -> append(text, a));
    return text.append("\nseed ").append(results.method().seed()).append('\n').toString();
  }

  private static void append(StringBuilder text, Environment here, Results.Wire wire) {
    text.append("client's host: %s, %s%n".formatted(host(here), wire.parent()))
        .append("server's host: %s, %s%n".formatted(host(wire.peer()), wire.peerParent()));
    text.append("at the client's end, and at the server's: ")
        .append(
            wire.ends().stream()
                .map(ends -> ends.here() + "/" + ends.there())
                .collect(Collectors.joining(", ")))
        .append("\n\n");
  }

  private static String host(Environment host) {
    return "Linux %s, %s, %d CPUs".formatted(host.kernel(), host.cpuModel(), host.cpus());
  }

  private static void append(StringBuilder text, String title, List<Result> rows, boolean colour) {
    Metric metric = rows.get(0).metric();
    text.append(title).append(metric.lessIsBetter() ? ": less is better\n" : ": more is better\n");
    List<List<String>> cells = new ArrayList<>();
    String unit = Figures.unit(metric);
    cells.add(
        List.of(
            "candidate",
            "p50 " + unit,
            "p90 " + unit,
            "p99 " + unit,
            "ratio",
            "95% interval",
            "verdict"));
    rows.forEach(row -> cells.add(cells(row, colour)));
    appendAligned(text, cells);
    text.append(note(rows));
    List<String> noise = rows.get(0).noise().reasons();
    if (!noise.isEmpty()) {
      text.append("too noisy for a verdict: ").append(String.join("; ", noise)).append('\n');
    }
    if (metric == Metric.ROUND_TRIP) {
      text.append("percentiles of a closed loop: p90 and p99 are no tail latency under load\n");
    }
  }

  private static List<String> datapaths(Results results) {
    return results.checks().stream().map(Results.Check::datapath).toList();
  }

  private static void append(StringBuilder text, Block.Table table) {
    text.append('\n').append(table.title()).append('\n');
    List<List<String>> cells = new ArrayList<>();
    cells.add(table.header());
    cells.addAll(table.rows());
    appendAligned(text, cells);
  }

  private static void append(StringBuilder text, Block.Section section) {
    for (Block block : section.blocks()) {
      if (block instanceof Block.Warning warning) {
        appendWarning(text, warning.paragraphs());
      } else if (block instanceof Block.Items items) {
        items.items().forEach(item -> text.append("- ").append(item).append('\n'));
      }
    }
  }

  /** The first paragraph introduces the others. */
  private static void appendWarning(StringBuilder text, List<String> paragraphs) {
    text.append(paragraphs.get(0)).append('\n');
    paragraphs.stream().skip(1).forEach(p -> text.append("- ").append(p).append('\n'));
    text.append('\n');
  }

  private static void append(StringBuilder text, Against against) {
    text.append("\nagainst ").append(against.file()).append(" of ").append(against.started());
    text.append(against.differences().isEmpty() ? "\n" : ", which is not comparable:\n");
    against
        .differences()
        .forEach(
            d -> text.append("  %s: then %s, now %s%n".formatted(d.what(), d.then(), d.now())));
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("workload", "candidate", "then", "now", "verdict"));
    for (Against.Change change : against.changes()) {
      cells.add(
          List.of(
              change.workload() + ", " + change.mode(),
              change.candidate(),
              Figures.of(change.then()),
              Figures.of(change.now()),
              change.verdict()));
    }
    appendAligned(text, cells);
  }

  private static List<String> cells(Result row, boolean colour) {
    return List.of(
        row.candidate(),
        Figures.of(row.p50(), row.metric()),
        Figures.of(row.p90(), row.metric()),
        Figures.of(row.p99(), row.metric()),
        row.ratio().map(ratio -> Figures.ratio(ratio.median())).orElse("1"),
        row.ratio().flatMap(Ratio::interval).map(Figures::interval).orElse(""),
        verdict(row, colour));
  }

  private static String note(List<Result> rows) {
    int rounds = rows.get(0).figures().size();
    String floor =
        rows.get(0)
            .noiseFloor()
            .map(f -> String.format(Locale.ROOT, "A/A noise floor: \u00b1%.2f%%", 100 * f))
            .orElse(
                rounds < Verdict.LEAST_ROUNDS
                    ? "fewer than " + Verdict.LEAST_ROUNDS + " rounds: no interval"
                    : "no A/A pair");
    return rows.stream()
        .flatMap(row -> row.ratio().stream())
        .findFirst()
        .map(
            ratio ->
                String.format(
                    Locale.ROOT,
                    "ratio to %s, median of %s; %s%n",
                    ratio.to(),
                    Figures.rounds(rounds),
                    floor))
        .orElse("");
  }

  /** Words to the left, figures to the right; the last column, which may hold colours, as it is. */
  private static void appendAligned(StringBuilder text, List<List<String>> rows) {
    int columns = rows.get(0).size();
    int[] width = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        width[i] = Math.max(width[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        String pad = " ".repeat(width[i] - row.get(i).length());
        if (i == 0) {
          text.append(row.get(i)).append(pad);
        } else if (i < columns - 1) {
          text.append(GAP).append(pad).append(row.get(i));
        } else {
          text.append(GAP).append(row.get(i));
        }
      }
      text.append('\n');
    }
  }

  private static String verdict(Result row, boolean colour) {
    String word = Figures.verdict(row);
    if (!colour) {
      return word;
    }
    return switch (row.verdict()) {
      case FASTER -> GREEN + word + PLAIN;
      case SLOWER -> RED + word + PLAIN;
      case REFERENCE, LEVEL, UNDECIDED, NOISY -> word;
    };
  }
}
