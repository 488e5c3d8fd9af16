package dev.sluice.cli.output;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A plan as programs read it. Steps come in the order of their objects' keys: by type, namespace
 * and name.
 *
 * @param create and the others: how many steps there are of each sort; what is replaced or put back
 *     counts as changed
 */
public record PlanDocument(
    String topology,
    String datapath,
    int create,
    int change,
    int delete,
    List<StepDocument> steps) {

  /**
   * One step.
   *
   * @param op create, update, replace, delete or restore
   * @param netns the namespace that the object is in; empty for the node's own
   * @param fields of a creation all there are beside the key, of a change those that change, of a
   *     deletion none
   */
  public record StepDocument(
      String op,
      String type,
      String netns,
      String id,
      List<FieldDocument> fields,
      List<String> owners) {}

  /** A field; {@code before} is empty in a creation. */
  public record FieldDocument(String name, String before, String after) {}

  private static final Comparator<Step> ORDER =
      Comparator.<Step, Key>comparing(s -> s.object().key()).thenComparing(Step::op);

  public static PlanDocument of(String topology, String datapath, Plan plan) {
    List<Step> steps = sorted(plan);
    int create = count(steps, Step.Op.CREATE);
    int delete = count(steps, Step.Op.DELETE);
    return new PlanDocument(
        topology,
        datapath,
        create,
        steps.size() - create - delete,
        delete,
        steps.stream().map(PlanDocument::step).toList());
  }

  static List<Step> sorted(Plan plan) {
    return plan.steps().stream().sorted(ORDER).toList();
  }

  private static int count(List<Step> steps, Step.Op op) {
    return (int) steps.stream().filter(s -> s.op() == op).count();
  }

  private static StepDocument step(Step step) {
    Key key = step.object().key();
    return new StepDocument(
        step.op().name().toLowerCase(Locale.ROOT),
        key.type().word(),
        key.netns().name().orElse(""),
        key.id(),
        fields(step),
        step.owners());
  }

  static List<FieldDocument> fields(Step step) {
    Map<String, String> after = step.after().map(ObjectFields::of).orElse(Map.of());
    if (step.op() == Step.Op.DELETE) {
      return List.of();
    }
    Map<String, String> before =
        step.before().map((KernelObject o) -> ObjectFields.of(o)).orElse(new LinkedHashMap<>());
    Set<String> names = new LinkedHashSet<>(after.keySet());
    names.addAll(before.keySet());
    List<FieldDocument> out = new ArrayList<>();
    for (String name : names) {
      String was = before.getOrDefault(name, "");
      String is = after.getOrDefault(name, "");
      if (!was.equals(is)) {
        out.add(new FieldDocument(name, was, is));
      }
    }
    return out;
  }
}
