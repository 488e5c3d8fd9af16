package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Chart;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Table;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the number of policy rules costs, and that of endpoints. Pure. */
record ScaleSection(Results results) {

  private static final String LINES =
      " The line is the median of the per-round ratios to raw veth, the whisker its 95% interval."
          + " Growth is the ratio to the same datapath at the smallest size, round by round.";

  Section section() {
    List<Block> blocks = new ArrayList<>();
    for (Size.Sort sort : Size.Sort.values()) {
      Map<WorkloadKey, List<WorkloadKey>> bySize = bySize(sort);
      if (!bySize.isEmpty()) {
        blocks.add(new Words(List.of(words(sort) + LINES)));
      }
      bySize.forEach(
          (plain, sizes) -> {
            blocks.add(
                new Chart(
                    "scale",
                    plain.workload() + "-" + sort.word(),
                    plain.mode().word(),
                    "%s: ratio to raw veth, by %s"
                        .formatted(Figures.capital(plain.title()), what(sort))));
            blocks.add(table(sort, plain, sizes));
          });
    }
    return new Section("scale", "Scale", blocks);
  }

  /** Those that the section has. */
  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    for (Size.Sort sort : Size.Sort.values()) {
      bySize(sort).forEach((plain, sizes) -> tables.add(table(sort, plain, sizes)));
    }
    return tables;
  }

  /** The workloads that were run at several sizes, and at which, from the smallest on. */
  private Map<WorkloadKey, List<WorkloadKey>> bySize(Size.Sort sort) {
    Map<WorkloadKey, List<WorkloadKey>> bySize = new LinkedHashMap<>();
    for (WorkloadKey workload : WorkloadKey.all(results)) {
      if (workload.size().filter(size -> size.sort() == sort).isPresent()) {
        bySize.computeIfAbsent(workload.plain(), w -> new ArrayList<>()).add(workload);
      }
    }
    return bySize;
  }

  private static String what(Size.Sort sort) {
    return switch (sort) {
      case RULES -> "policy rules";
      case ENDPOINTS -> "endpoints";
    };
  }

  private static String words(Size.Sort sort) {
    return switch (sort) {
      case RULES ->
          "Policy rules: the topology once more for each number of rules, which take the"
              + " place of its own policies: so many on the server's ingress and half as many on the"
              + " client's egress, addresses, blocks with exceptions and ranges of ports; one from"
              + " their middle allows the flow. All were alive at once.";
      case ENDPOINTS ->
          "Endpoints: nodes that have so many in one network, without policy. Traffic"
              + " is between the first two of them, the others are idle, and all nodes were alive at"
              + " once. Memory is what the kernel takes for the whole node by the number of its"
              + " endpoints: what a node takes once, such as maps of a fixed size, weighs less the more"
              + " there are.";
    };
  }

  private Table table(Size.Sort sort, WorkloadKey plain, List<WorkloadKey> sizes) {
    List<Result> smallest = sizes.get(0).of(results);
    String unit = Figures.unit(smallest.get(0).metric());
    Set<String> candidates = new LinkedHashSet<>();
    smallest.forEach(r -> candidates.add(r.candidate()));
    List<List<String>> rows = new ArrayList<>();
    for (String candidate : candidates) {
      // A raw veth pair has no rules and no neighbours: traffic through it is the same in all.
      boolean sized = datapath(candidate) || smallest.get(0).metric() == Metric.MEMORY;
      for (WorkloadKey size : sized ? sizes : sizes.subList(0, 1)) {
        Result result = only(size, candidate);
        Optional<Estimate> growth =
            size.equals(sizes.get(0))
                ? Optional.empty()
                : Optional.of(growth(result, only(sizes.get(0), candidate)));
        rows.add(
            List.of(
                candidate,
                sized ? Integer.toString(size.size().orElseThrow().number()) : "",
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
                Figures.verdict(result)));
      }
    }
    return new Table(
        "%s (%s-%s-N): less is better; %s"
            .formatted(
                Figures.capital(plain.title()),
                plain.workload(),
                sort.word(),
                Figures.rounds(smallest.get(0).figures().size())),
        List.of(
            "candidate",
            sort.word(),
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

  private Estimate growth(Result result, Result smallest) {
    return Statistics.medianWithInterval(
        Statistics.pairedRatios(figures(result), figures(smallest)), results.method().seed());
  }

  private static double[] figures(Result result) {
    return result.figures().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
