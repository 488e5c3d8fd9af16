package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Items;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Warning;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Metric;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** What came out, in words. Pure. */
record VerdictSection(Results results, List<String> datapaths) {

  Section section() {
    List<Block> blocks = new ArrayList<>();
    Set<String> noisy = new LinkedHashSet<>();
    List<String> sentences = new ArrayList<>();
    List<Standing> standings = new ArrayList<>();
    for (WorkloadKey workload : WorkloadKey.all(results)) {
      List<Result> rows = results.results().stream().filter(workload::matches).toList();
      if (rows.get(0).noise().tooMuch()) {
        noisy.add(workload.label() + ": " + String.join("; ", rows.get(0).noise().reasons()) + ".");
      } else if (most(workload)) {
        Standing standing = Standing.of(results, workload, datapaths);
        sentence(standing, rows).ifPresent(sentences::add);
        standings.add(standing);
      }
    }
    if (!noisy.isEmpty()) {
      List<String> paragraphs = new ArrayList<>();
      paragraphs.add(
          noisy.size() == WorkloadKey.all(results).size()
              ? "The machine was too noisy: no verdict is given. Measure again when it is idle."
              : "The machine was too noisy for a verdict on some workloads:");
      paragraphs.addAll(noisy);
      blocks.add(new Warning(paragraphs));
    }
    inShort(standings).ifPresent(words -> blocks.add(new Words(List.of(words))));
    if (!sentences.isEmpty()) {
      blocks.add(new Items(sentences));
    }
    if (datapaths.size() == 1) {
      blocks.add(new Words(List.of("Only one datapath was measured: there is nothing to choose.")));
    }
    return new Section("verdict", "Verdict", blocks);
  }

  /**
   * In how many workloads each datapath is best, or level with that; the one with most first; of
   * one workload its sentence tells. Those that differ in size are another one's once more.
   */
  private Optional<String> inShort(List<Standing> standings) {
    List<Standing> told =
        standings.stream()
            .filter(s -> !s.groups().isEmpty() && s.workload().size().isEmpty())
            .toList();
    if (told.size() < 2 || datapaths.size() < 2) {
      return Optional.empty();
    }
    ToLongFunction<String> best =
        name -> told.stream().filter(s -> s.groups().get(0).names().contains(name)).count();
    return Optional.of(
        "Of %d workloads%s, best or level with the best: %s."
            .formatted(
                told.size(),
                standings.stream().anyMatch(s -> s.workload().size().isPresent())
                    ? ", not counting those of more rules or endpoints"
                    : "",
                datapaths.stream()
                    .sorted(Comparator.comparingLong(best).reversed())
                    .map(name -> name + " in " + best.applyAsLong(name))
                    .collect(Collectors.joining(", "))));
  }

  /** Of those that differ in size, the largest; the others are in its table. */
  private boolean most(WorkloadKey workload) {
    return workload.size().isEmpty()
        || WorkloadKey.all(results).stream()
            .filter(other -> other.plain().equals(workload.plain()))
            .flatMap(other -> other.size().stream())
            .filter(other -> other.sort() == workload.size().get().sort())
            .allMatch(other -> other.number() <= workload.size().get().number());
  }

  private Optional<String> sentence(Standing standing, List<Result> rows) {
    Metric metric = rows.get(0).metric();
    String title =
        metric == Metric.LATENCY
            ? "99th percentile of " + standing.workload().title()
            : Figures.capital(standing.workload().title());
    if (standing.groups().isEmpty()) {
      return rows.stream().anyMatch(r -> datapaths.contains(r.candidate()))
          ? Optional.of(title + ": too few rounds to say anything.")
          : Optional.empty();
    }
    String what =
        standing.groups().stream()
            .map(group -> words(group, standing, metric))
            .collect(Collectors.joining("; "));
    return Optional.of(title + ": " + what + ".");
  }

  private String words(Standing.Group group, Standing standing, Metric metric) {
    boolean first = group.toLeader().isEmpty();
    boolean alone = standing.groups().size() == 1;
    String names = Figures.names(group.names());
    boolean tie = group.members().size() > 1;
    String place;
    if (first) {
      place = alone ? tie ? " are level" : "" : (tie ? " are level and " : " is ") + best(metric);
    } else {
      place =
          (tie ? ", level with each other, have " : " has ")
              + Figures.of(group.toLeader().get())
              + quantity(metric)
              + standing.groups().get(0).names().get(0);
    }
    return names + place + " (" + toReference(group) + ")";
  }

  private static String best(Metric metric) {
    return metric.lessIsBetter() && metric != Metric.MEMORY ? "fastest" : "best";
  }

  private static String quantity(Metric metric) {
    return switch (metric) {
      case ROUND_TRIP, LATENCY, DURATION -> " times the time of ";
      case THROUGHPUT, PACKET_RATE -> " times the rate of ";
      case MEMORY -> " times the memory of ";
    };
  }

  private static String toReference(Standing.Group group) {
    return group.members().stream()
        .map(
            r ->
                r.ratio()
                    .map(ratio -> Figures.ratio(ratio.median()) + " times " + ratio.to())
                    .orElseGet(() -> Figures.typical(r) + " " + Figures.unit(r.metric())))
        .collect(Collectors.joining(", "));
  }
}
