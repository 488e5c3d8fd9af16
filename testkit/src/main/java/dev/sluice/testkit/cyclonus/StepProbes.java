package dev.sluice.testkit.cyclonus;

import dev.sluice.core.check.Expectation;
import dev.sluice.core.check.Outcome;
import dev.sluice.core.check.Place;
import dev.sluice.core.check.Probe;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.testkit.cyclonus.CyclonusCase.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The probes that a step's rows stand for, and the rows that their outcomes come to. Pure. */
final class StepProbes {

  /** So many disagreements are told in words too. */
  private static final int IN_WORDS = 10;

  /** One character of the rows. */
  private record Cell(Protocol protocol, int port, String from, String to) {}

  private final Step step;
  private final Map<Cell, Expectation> expectations = new LinkedHashMap<>();

  StepProbes(Step step, Family family) {
    this.step = step;
    for (Matrix matrix : step.expected()) {
      int size = matrix.endpoints().size();
      for (int from = 0; from < size; from++) {
        for (int to = 0; to < size; to++) {
          if (!matrix.isSelf(from, to)) {
            Cell cell = cell(matrix, matrix.endpoints().get(from), matrix.endpoints().get(to));
            expectations.put(
                cell,
                new Expectation(probe(cell, step.setting(), family), matrix.passes(from, to)));
          }
        }
      }
    }
  }

  private static Cell cell(Matrix matrix, String from, String to) {
    return new Cell(matrix.protocol(), matrix.port(), from, to);
  }

  private static Probe probe(Cell cell, Setting setting, Family family) {
    return new Probe(
        Place.endpoint(cell.from),
        Place.endpoint(cell.to),
        setting.address(family, cell.from),
        setting.address(family, cell.to),
        Probe.Transport.valueOf(cell.protocol.name()),
        cell.port,
        Probe.Kind.ENDPOINT,
        OptionalInt.empty());
  }

  List<Expectation> expectations() {
    return List.copyOf(expectations.values());
  }

  /**
   * The rows that differ, and what became of the first of the probes that do not agree; empty if
   * all do.
   */
  String difference(List<Outcome> outcomes) {
    List<Outcome> disagreeing = outcomes.stream().filter(o -> !o.agrees()).toList();
    if (disagreeing.isEmpty()) {
      return "";
    }
    Map<Expectation, Outcome> byExpectation = new HashMap<>();
    outcomes.forEach(o -> byExpectation.put(o.expectation(), o));
    List<String> lines = new ArrayList<>();
    lines.add("columns: " + String.join(" ", step.setting().endpoints()));
    for (Matrix expected : step.expected()) {
      Matrix seen =
          Matrix.of(
              expected.protocol(),
              expected.port(),
              expected.endpoints(),
              (from, to) -> passed(byExpectation.get(expectations.get(cell(expected, from, to)))));
      expected.difference(seen).lines().forEach(lines::add);
    }
    disagreeing.stream().limit(IN_WORDS).forEach(o -> lines.add(inWords(o)));
    if (disagreeing.size() > IN_WORDS) {
      lines.add("and %d more".formatted(disagreeing.size() - IN_WORDS));
    }
    return String.join("\n", lines);
  }

  /** To pass takes an answer too; to be denied takes that nothing arrives at all. */
  private static boolean passed(Outcome outcome) {
    return outcome.agrees() == outcome.expectation().passes();
  }

  private static String inWords(Outcome outcome) {
    Probe probe = outcome.probe();
    return "%s/%d from %s to %s: %s"
        .formatted(
            probe.transport(),
            probe.port(),
            probe.from().label(),
            probe.to().label(),
            outcome.detail());
  }
}
