package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Chart;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Results.Cost;
import dev.sluice.bench.report.Results.Result;
import java.util.ArrayList;
import java.util.List;

/** CPU time, and that of BPF programs. Pure. */
record CostSection(Results results) {

  Section section() {
    List<Block> blocks = new ArrayList<>();
    List<List<String>> rows = new ArrayList<>();
    for (Result r : results.results()) {
      r.cost().ifPresent(c -> rows.add(row(r, c)));
    }
    if (!rows.isEmpty()) {
      blocks.add(
          new Words(
              List.of(
                  "CPU time of the whole machine while a slice ran, by /proc/stat, divided by what"
                      + " was done in it; \"process\" is the generator's own, exact, in which the"
                      + " kernel's work for its packets is included. What others used meanwhile is"
                      + " in the first three too. The ratio is of these three together, round by"
                      + " round.")));
      blocks.add(new Chart("cost", "", "", "CPU time per transaction, \u00b5s"));
      blocks.add(
          new Table(
              "CPU nanoseconds",
              List.of(
                  "workload", "candidate", "per", "user", "system", "softirq", "process", "ratio"),
              rows));
    }
    if (!results.programs().isEmpty()) {
      blocks.add(
          new Table(
              "BPF programs, in slices of their own while the kernel counted (two looks at the"
                  + " clock are in each run)",
              List.of("workload", "candidate", "program", "runs", "ns per run", "runs per unit"),
              results.programs().stream()
                  .map(
                      p ->
                          List.of(
                              p.workload(),
                              p.candidate(),
                              p.program(),
                              Long.toString(p.runs()),
                              Figures.format("%.0f", p.nanosPerRun()),
                              Figures.format("%.3g", p.runsPerUnit())))
                  .toList()));
    }
    return new Section("cost", "Cost", blocks);
  }

  private static List<String> row(Result r, Cost cost) {
    return List.of(
        WorkloadKey.of(r).label(),
        r.candidate(),
        cost.per(),
        Figures.format("%.0f", cost.user()),
        Figures.format("%.0f", cost.system()),
        Figures.format("%.0f", cost.softirq()),
        Figures.format("%.0f", cost.process()),
        cost.ratio().map(Figures::of).orElse(""));
  }
}
