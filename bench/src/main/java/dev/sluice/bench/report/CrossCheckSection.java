package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.stats.Statistics;
import java.util.ArrayList;
import java.util.List;

/** What tools of others have measured, beside what the built-in generator has. Pure. */
record CrossCheckSection(Results results) {

  Section section() {
    List<Block> blocks = new ArrayList<>();
    if (!results.crossChecks().isEmpty()) {
      blocks.add(
          new Words(
              List.of(
                  "The same workloads by tools of others, in the same namespaces and on the same"
                      + " CPU, each slice beside one of the built-in generator. The tool's own cost"
                      + " is in its times, and its requests are of 14 bytes (sockperf): that the"
                      + " figures differ is no fault, that their ratios to raw veth agree is what"
                      + " counts.")));
      results.crossChecks().forEach(c -> blocks.add(table(c)));
    }
    return new Section("cross-check", "Cross-check by other tools", blocks);
  }

  static Table table(CrossChecked check) {
    String unit = Figures.unit(check.metric());
    return new Table(
        "%s, %s: by %s, and built in; medians of %s of %d s"
            .formatted(
                check.workload(),
                check.mode().word(),
                check.tool(),
                Figures.rounds(check.figures().get(0).foreign().size()),
                check.seconds()),
        List.of(
            "candidate",
            "built in " + unit,
            check.tool() + " " + unit,
            check.tool() + " / built in",
            "to veth, built in",
            "to veth, " + check.tool()),
        check.figures().stream()
            .map(
                f ->
                    List.of(
                        f.candidate(),
                        Figures.of(median(f.builtIn()), check.metric()),
                        Figures.of(median(f.foreign()), check.metric()),
                        Figures.of(f.agreement()),
                        f.builtInRatio().map(Figures::of).orElse("1"),
                        f.foreignRatio().map(Figures::of).orElse("1")))
            .toList());
  }

  private static double median(List<Double> values) {
    return Statistics.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
