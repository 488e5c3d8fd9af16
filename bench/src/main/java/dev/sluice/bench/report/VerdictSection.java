package dev.sluice.bench.report;

import dev.sluice.bench.report.Block.Items;
import dev.sluice.bench.report.Block.Section;
import dev.sluice.bench.report.Block.Warning;
import dev.sluice.bench.report.Block.Words;
import dev.sluice.bench.report.Results.Result;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What came out, in words. Pure. */
record VerdictSection(Results results, List<String> datapaths) {

  Section section() {
    List<Block> blocks = new ArrayList<>();
    Set<String> noisy = new LinkedHashSet<>();
    List<String> sentences = new ArrayList<>();
    for (WorkloadKey workload : WorkloadKey.all(results)) {
      List<Result> rows = results.results().stream().filter(workload::matches).toList();
      if (rows.get(0).noise().tooMuch()) {
        noisy.add(workload.label() + ": " + String.join("; ", rows.get(0).noise().reasons()) + ".");
      } else {
        sentence(workload, rows).ifPresent(sentences::add);
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
    if (!sentences.isEmpty()) {
      blocks.add(new Items(sentences));
    }
    if (datapaths.size() == 1) {
      blocks.add(new Words(List.of("Only one datapath was measured: there is nothing to choose.")));
    }
    return new Section("verdict", "Verdict", blocks);
  }

  private Optional<String> sentence(WorkloadKey workload, List<Result> rows) {
    Standing standing = Standing.of(results, workload, datapaths);
    if (standing.groups().isEmpty()) {
      return rows.stream().anyMatch(r -> datapaths.contains(r.candidate()))
          ? Optional.of(workload.title() + ": too few rounds to say anything.")
          : Optional.empty();
    }
    boolean less = rows.get(0).metric().lessIsBetter();
    String what =
        standing.groups().stream()
            .map(group -> words(group, standing, less))
            .collect(Collectors.joining("; "));
    return Optional.of(workload.title() + ": " + what + ".");
  }

  private String words(Standing.Group group, Standing standing, boolean less) {
    boolean first = group.toLeader().isEmpty();
    boolean alone = standing.groups().size() == 1;
    String names = String.join(" and ", group.names());
    boolean tie = group.members().size() > 1;
    String place;
    if (first) {
      place =
          alone
              ? tie ? " are level" : ""
              : (tie ? " are level and " : " is ") + (less ? "fastest" : "best");
    } else {
      place =
          (tie ? ", level with each other, have " : " has ")
              + Figures.of(group.toLeader().get())
              + (less ? " times the time of " : " times the rate of ")
              + standing.groups().get(0).names().get(0);
    }
    return names + place + " (" + toReference(group) + ")";
  }

  private static String toReference(Standing.Group group) {
    return group.members().stream()
        .map(
            r ->
                r.ratio()
                    .map(ratio -> Figures.ratio(ratio.median()) + " times " + ratio.to())
                    .orElseGet(
                        () -> Figures.of(r.p50(), r.metric()) + " " + Figures.unit(r.metric())))
        .collect(Collectors.joining(", "));
  }
}
