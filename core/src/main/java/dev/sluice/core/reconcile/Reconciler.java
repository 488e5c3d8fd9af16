package dev.sluice.core.reconcile;

import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.kind.Kinds;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a node hold a state that belongs to no stored topology: for nodes that are thrown away and
 * need no intent. Everything else goes by {@link Topologies}.
 */
public final class Reconciler {

  private Reconciler() {}

  /**
   * Leads {@code node} to {@code desired}, objects of core; what bears our mark and is not in it
   * goes.
   */
  public static Plan converge(Node node, KernelState desired, ReconcileObserver observer) {
    Kinds kinds = Kinds.core();
    try (NodeSession session = new NodeSession(node, observer)) {
      Observed observed = Observer.observe(session, kinds, desired, List.of(), Optional.empty());
      if (!observed.foreign().isEmpty()) {
        throw new ForeignObjectException(observed.foreign());
      }
      Plan plan = Diff.plan(kinds, desired, observed, Map.of());
      new Executor(session, kinds).execute(plan, observed);
      return plan;
    }
  }
}
