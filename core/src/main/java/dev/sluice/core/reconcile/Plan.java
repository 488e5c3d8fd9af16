package dev.sluice.core.reconcile;

import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.LinkPair;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The way from what a node holds to what it should hold.
 *
 * @param steps what to change; their order carries no meaning, the executor orders by need
 * @param leases the leases that are to stand once the steps are done, old values included
 */
public record Plan(List<Step> steps, Map<Key, Lease> leases) {

  public Plan {
    steps = List.copyOf(steps);
    leases = Map.copyOf(leases);
  }

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /**
   * Whether the kernel takes more than the steps say: what else is wanted has to be looked at
   * again. With an address it takes the routes that have it as their source, and with a link's last
   * one all of its routes and neighbours; with another MAC of a parent the neighbours of an ipvlan
   * on it, which has the same.
   */
  boolean takesMore() {
    return steps.stream().anyMatch(s -> takesAddress(s) || changesMac(s));
  }

  private static boolean takesAddress(Step step) {
    return step.op() == Step.Op.DELETE && step.object().key().type() == Key.Type.ADDRESS;
  }

  private static boolean changesMac(Step step) {
    return step.before().orElse(null) instanceof LinkPair from
        && step.after().orElse(null) instanceof LinkPair to
        && !from.far().mac().equals(to.far().mac());
  }

  /**
   * The part of the plan that takes away: what others want is neither mended nor made.
   *
   * @param standing the leases that stood when the plan was made
   */
  Plan removals(Map<Key, Lease> standing) {
    Map<Key, Lease> kept = new HashMap<>(standing);
    kept.keySet().retainAll(leases.keySet());
    return new Plan(
        steps.stream().filter(s -> s.op() == Step.Op.DELETE || s.op() == Step.Op.RESTORE).toList(),
        kept);
  }
}
