package dev.sluice.bench.report;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.sluice.bench.report.Results.Capability;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.workload.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which datapath to choose for a goal: a ranking, each place with its reasons, each reason a figure
 * of the results or a capability. Who cannot be told apart by any workload of the goal shares a
 * place. Pure.
 *
 * @param needs of the topology, and by what it was seen that all that are ranked meet them; empty
 *     in files of before there was this
 * @param places best first; empty where nothing can be said
 * @param remarks what else bears on the choice: who is left out and why, what was not measured
 */
public record Recommendation(
    Goal goal, Optional<List<String>> needs, List<Place> places, List<String> remarks) {

  public Recommendation {
    needs = needs.map(List::copyOf);
    places = List.copyOf(places);
    remarks = List.copyOf(remarks);
  }

  /** What to choose for: the workloads that decide, the first before the others. */
  public enum Goal {
    LATENCY("round trips"),
    THROUGHPUT("bulk transfer"),
    CONNECTIONS("new connections and flows"),
    CPU("CPU time");

    private final String words;

    Goal(String words) {
      this.words = words;
    }

    private List<WorkloadKey> workloads() {
      return switch (this) {
        case LATENCY ->
            List.of(
                key("tcp-rr", Mode.CROSS_CPU),
                key("tcp-rr", Mode.SAME_CPU),
                key("tcp-open-loop", Mode.CROSS_CPU),
                key("udp-rr", Mode.SAME_CPU));
        case THROUGHPUT ->
            List.of(
                key("tcp-stream", Mode.SAME_CPU),
                key("tcp-stream-8", Mode.CROSS_CPU),
                key("udp-pps", Mode.CROSS_CPU));
        case CONNECTIONS ->
            List.of(
                key("tcp-crr", Mode.SAME_CPU),
                key("tcp-crr", Mode.CROSS_CPU),
                key("udp-new-flow", Mode.SAME_CPU),
                key("tcp-rr-held", Mode.SAME_CPU));
        case CPU ->
            List.of(
                key("tcp-rr", Mode.SAME_CPU),
                key("tcp-crr", Mode.SAME_CPU),
                key("tcp-stream", Mode.SAME_CPU));
      };
    }

    private Aspect aspect() {
      return this == CPU ? Aspect.CPU_TIME : Aspect.FIGURE;
    }

    /** The word for options and {@code results.json}. */
    @JsonValue
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return word();
    }

    /** What it is about. */
    public String words() {
      return words;
    }

    private static WorkloadKey key(String workload, Mode mode) {
      return new WorkloadKey(workload, mode);
    }
  }

  /** One datapath, or several that are tied. */
  public record Place(List<String> datapaths, List<String> reasons) {
    public Place {
      datapaths = List.copyOf(datapaths);
      reasons = List.copyOf(reasons);
    }
  }

  /** For {@code goal}, from all that was measured. */
  public static Recommendation of(Results results, Goal goal) {
    List<String> measured = results.checks().stream().map(Results.Check::datapath).toList();
    Optional<List<String>> needs = Optional.of(new Needs(results).sentences());
    List<Standing> standings = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    for (WorkloadKey workload : goal.workloads()) {
      Standing standing = Standing.of(results, workload, measured, goal.aspect());
      if (!standing.groups().isEmpty()) {
        standings.add(standing);
      } else if (results.results().stream().anyMatch(workload::matches)) {
        remarks.add(workload.label() + " decides nothing: " + why(goal.aspect()));
      }
    }
    leftOut(results).forEach(remarks::add);
    if (standings.isEmpty()) {
      remarks.add(0, "no workload of this goal allows a verdict: no ranking");
      return new Recommendation(goal, needs, List.of(), remarks);
    }
    List<List<String>> order = List.of(measured);
    for (Standing standing : standings) {
      order = order.stream().flatMap(tied -> split(tied, standing)).toList();
    }
    return new Recommendation(
        goal,
        needs,
        order.stream().map(names -> place(names, standings, results, goal.aspect())).toList(),
        remarks);
  }

  /** Those of {@code tied} by the groups that a standing puts them in. */
  private static Stream<List<String>> split(List<String> tied, Standing standing) {
    return standing.groups().stream()
        .map(group -> group.names().stream().filter(tied::contains).toList())
        .filter(names -> !names.isEmpty());
  }

  private static String why(Aspect aspect) {
    return "too noisy, or too few rounds"
        + (aspect == Aspect.CPU_TIME ? ", or slices too short to count CPU time" : "");
  }

  private static Place place(
      List<String> names, List<Standing> standings, Results results, Aspect aspect) {
    List<String> reasons = new ArrayList<>();
    for (Standing standing : standings) {
      List<Result> members =
          standing.groups().stream()
              .flatMap(group -> group.members().stream())
              .filter(r -> names.contains(r.candidate()))
              .toList();
      reasons.add(
          standing.workload().label()
              + ": "
              + members.stream()
                  .map(r -> r.candidate() + " " + aspect.text(r))
                  .collect(Collectors.joining(", "))
              + level(standing, names));
    }
    names.forEach(
        name ->
            results.capabilities().stream()
                .filter(c -> c.datapath().equals(name))
                .flatMap(c -> c.notes().stream())
                .forEach(note -> reasons.add(name + ": " + note)));
    return new Place(names, reasons);
  }

  /** Who of another place is not told apart from these by that workload. */
  private static String level(Standing standing, List<String> names) {
    List<String> others =
        standing.groups().stream()
            .map(Standing.Group::names)
            .filter(group -> group.stream().anyMatch(names::contains))
            .flatMap(List::stream)
            .filter(name -> !names.contains(name))
            .distinct()
            .toList();
    return others.isEmpty() ? "" : ", level with " + String.join(", ", others);
  }

  /** As text for people. */
  String text() {
    StringBuilder text = new StringBuilder("for " + goal.word() + " (" + goal.words() + "):\n");
    needs.orElse(List.of()).forEach(n -> text.append(n).append('\n'));
    int rank = 1;
    for (Place place : places) {
      text.append(
          "%d. %s%s%n"
              .formatted(
                  rank,
                  String.join(", ", place.datapaths()),
                  place.datapaths().size() > 1 ? ": a tie" : ""));
      place.reasons().forEach(r -> text.append("   ").append(r).append('\n'));
      rank += place.datapaths().size();
    }
    remarks.forEach(r -> text.append(r).append('\n'));
    return text.toString();
  }

  private static Stream<String> leftOut(Results results) {
    List<String> measured = results.checks().stream().map(Results.Check::datapath).toList();
    return results.capabilities().stream()
        .filter(c -> !measured.contains(c.datapath()))
        .map(c -> c.datapath() + " is no choice: " + why(c));
  }

  private static String why(Capability capability) {
    return Optional.of(Stream.concat(capability.lacks().stream(), capability.refuses().stream()))
        .map(Stream::toList)
        .filter(reasons -> !reasons.isEmpty())
        .map(reasons -> String.join("; ", reasons))
        .orElse("it was not measured");
  }
}
