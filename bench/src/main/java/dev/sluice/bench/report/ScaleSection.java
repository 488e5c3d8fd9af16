package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Chart;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the number of policy rules costs. Pure. */
record ScaleSection(Results results) {

  Section section() {
    Map<WorkloadKey, List<WorkloadKey>> bySize = new LinkedHashMap<>();
    for (WorkloadKey workload : WorkloadKey.all(results)) {
      if (workload.rules().isPresent()) {
        bySize.computeIfAbsent(workload.plain(), w -> new ArrayList<>()).add(workload);
      }
    }
    List<Block> blocks = new ArrayList<>();
    if (!bySize.isEmpty()) {
      blocks.add(
          new Words(
              List.of(
                  "The topology once more for each number of rules, which take the place of its own"
                      + " policies: so many on the server's ingress and half as many on the"
                      + " client's egress, addresses, blocks with exceptions and ranges of ports;"
                      + " one from their middle allows the flow. All were alive at once. The line"
                      + " is the median of the per-round ratios to raw veth without policy, the"
                      + " whisker its 95% interval. Growth is the ratio to the same datapath with"
                      + " the fewest rules, round by round.")));
      bySize.forEach(
          (plain, sizes) -> {
            blocks.add(
                new Chart(
                    "scale",
                    plain.workload(),
                    plain.mode().word(),
                    plain.title() + ": ratio to raw veth, by policy rules"));
            blocks.add(table(plain, sizes));
          });
    }
    return new Section("scale", "Policy scale", blocks);
  }

  private Table table(WorkloadKey plain, List<WorkloadKey> sizes) {
    List<Result> fewest = sizes.get(0).of(results);
    String unit = Figures.unit(fewest.get(0).metric());
    Set<String> candidates = new LinkedHashSet<>();
    fewest.forEach(r -> candidates.add(r.candidate()));
    List<List<String>> rows = new ArrayList<>();
    for (String candidate : candidates) {
      for (WorkloadKey size : sizes) {
        Result result = only(size, candidate);
        if (!datapath(candidate) && !size.equals(sizes.get(0))) {
          continue; // a control has no rules: it is the same in all
        }
        Optional<Estimate> growth =
            size.equals(sizes.get(0))
                ? Optional.empty()
                : Optional.of(growth(result, only(sizes.get(0), candidate)));
        rows.add(
            List.of(
                candidate,
                datapath(candidate) ? Integer.toString(size.rules().orElseThrow()) : "",
                Figures.of(result.p50(), result.metric()),
                Figures.of(result.p90(), result.metric()),
                Figures.of(result.p99(), result.metric()),
                result.ratio().map(r -> Figures.ratio(r.median())).orElse("1"),
                result.ratio().flatMap(Results.Ratio::interval).map(Figures::interval).orElse(""),
                growth.map(g -> Figures.ratio(g.median())).orElse(""),
                growth
                    .filter(g -> result.ratio().flatMap(Results.Ratio::interval).isPresent())
                    .map(g -> Figures.interval(new Results.Interval(g.low(), g.high())))
                    .orElse(""),
                result.verdict().word()));
      }
    }
    return new Table(
        "%s (%s-rules-N): less is better; %d rounds"
            .formatted(plain.title(), plain.workload(), fewest.get(0).figures().size()),
        List.of(
            "candidate",
            "rules",
            "p50 " + unit,
            "p90 " + unit,
            "p99 " + unit,
            "ratio",
            "95% interval",
            "growth",
            "95% interval",
            "verdict"),
        rows);
  }

  private Result only(WorkloadKey workload, String candidate) {
    return workload.of(results).stream()
        .filter(r -> r.candidate().equals(candidate))
        .findFirst()
        .orElseThrow();
  }

  private boolean datapath(String candidate) {
    return results.checks().stream().anyMatch(c -> c.datapath().equals(candidate));
  }

  private Estimate growth(Result result, Result fewest) {
    return Statistics.medianWithInterval(
        Statistics.pairedRatios(figures(result), figures(fewest)), results.method().seed());
  }

  private static double[] figures(Result result) {
    return result.figures().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
