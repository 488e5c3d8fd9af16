package dev.sluice.cli.output;

import dev.sluice.cli.output.PlanDocument.FieldDocument;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Step;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A plan, or what was done of one, as people read it. */
public final class PlanText {

  /** More steps than these are counted by type, unless all are asked for. */
  static final int SHOWN = 200;

  /** Left out where an object is made whole: for programs and for changes. */
  private static final Set<String> MINOR =
      Set.of("alias", "netfilter", "published", "up", "peer mac", "peer mtu", "peer up");

  /** Whether the steps are still to be done. */
  public enum Tense {
    PLANNED("%d to create, %d to change, %d to delete", "Nothing to change."),
    DONE("%d created, %d changed, %d deleted", "Nothing had to be changed.");

    private final String summary;
    private final String nothing;

    Tense(String summary, String nothing) {
      this.summary = summary;
      this.nothing = nothing;
    }
  }

  private PlanText() {}

  /** Prints {@code plan}; {@code all}: each step, however many. */
  public static void print(Console console, Plan plan, Tense tense, boolean all) {
    if (plan.isEmpty()) {
      console.out().println(tense.nothing);
      return;
    }
    List<Step> steps = PlanDocument.sorted(plan);
    if (steps.size() > SHOWN && !all) {
      console.print(counted(steps));
      console.out().println("(--all lists each of the " + steps.size() + " steps)");
    } else {
      console.print(listed(steps));
    }
    PlanDocument counts = PlanDocument.of("", "", plan);
    console
        .out()
        .println(tense.summary.formatted(counts.create(), counts.change(), counts.delete()));
  }

  private static Table listed(List<Step> steps) {
    Table table = new Table("", "OBJECT", "IN", "WHAT");
    for (Step step : steps) {
      Key key = step.object().key();
      String where = key.type() == Key.Type.NAMESPACE ? "" : key.netns().toString();
      table.row(sign(step.op()), key.type().word() + " " + key.id(), where, what(step));
    }
    return table;
  }

  private static Table counted(List<Step> steps) {
    record Group(Step.Op op, Key.Type type) implements Comparable<Group> {
      @Override
      public int compareTo(Group other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : op.compareTo(other.op);
      }
    }
    Map<Group, Long> counts =
        steps.stream()
            .collect(
                Collectors.groupingBy(
                    s -> new Group(s.op(), s.object().key().type()),
                    TreeMap::new,
                    Collectors.counting()));
    Table table = new Table("", "TYPE", "STEPS");
    counts.forEach((group, count) -> table.row(sign(group.op()), group.type().word(), count));
    return table;
  }

  private static Table.Cell sign(Step.Op op) {
    return new Table.Cell(
        op.sign(),
        switch (op) {
          case CREATE -> Paint.GOOD;
          case DELETE -> Paint.BAD;
          case UPDATE, REPLACE, RESTORE -> Paint.CHANGED;
        });
  }

  private static String what(Step step) {
    return (isAltered(step) ? "altered, is replaced as a whole: " : "") + fields(step);
  }

  /** Changed by hand, or about to lose a link that it hooks. */
  private static boolean isAltered(Step step) {
    return step.after().isPresent() && step.before().filter(KernelObject::isAltered).isPresent();
  }

  private static String fields(Step step) {
    return PlanDocument.fields(step).stream()
        .filter(f -> step.op() != Step.Op.CREATE || !MINOR.contains(f.name()))
        .map(f -> field(step.op(), f))
        .collect(Collectors.joining(", "));
  }

  private static String field(Step.Op op, FieldDocument field) {
    if (op == Step.Op.CREATE) {
      return field.name().equals("kind") ? field.after() : field.name() + " " + field.after();
    }
    if (field.before().equals(ObjectFields.ALTERED)) {
      return field.name() + " " + field.after();
    }
    return field.name() + " " + orNone(field.before()) + " → " + orNone(field.after());
  }

  private static String orNone(String value) {
    return value.isEmpty() ? "none" : value;
  }
}
