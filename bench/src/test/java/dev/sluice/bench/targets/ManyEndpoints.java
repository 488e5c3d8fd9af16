package dev.sluice.bench.targets;

import dev.sluice.backend.bridge.BridgeDatapath;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.kind.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The timed part of target 11: observes and diffs the ambient node again and again, and prints each
 * pass in ns. The topology is applied already; a plan that is not empty is an error.
 */
final class ManyEndpoints {

  private ManyEndpoints() {}

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[0]);
    int passes = Integer.parseInt(args[1]);
    Declared declared = new Declared(BridgeDatapath.NAME, file.toString(), Files.readString(file));
    try (Node node = Node.host()) {
      Topologies topologies =
          new Topologies(
              node,
              NodeFactsReader.read(false),
              Kinds.core(),
              Map.of(BridgeDatapath.NAME, new BridgeDatapath()),
              ReconcileObserver.uncounted(Progress.silent()));
      for (int i = 0; i < passes; i++) {
        long from = System.nanoTime();
        Plan plan = topologies.plan(declared);
        long took = System.nanoTime() - from;
        if (!plan.isEmpty()) {
          throw new IllegalStateException("not as wanted: " + plan.steps());
        }
        System.out.println(took);
      }
    }
  }
}
