package dev.sluice.testkit;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.reconcile.Topologies;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Networks that are parts of a wire ({@code parent}): what every datapath gives that honours them.
 */
@ExtendWith(NodeExtension.class)
abstract class WireSuite {

  /** The datapath under test. */
  protected abstract Datapath datapath();

  final Topologies topologies(Node node) {
    return TestTopologies.on(node, datapath());
  }

  final void apply(Node node, String yaml) {
    topologies(node).apply(TestTopologies.declared(datapath(), yaml));
  }

  final long dropped(Node node, DropReason reason) {
    return CountsByMeaning.of(node, datapath(), WireBed.NAME).dropped(reason);
  }

  static String gateway(boolean onNode) {
    return onNode ? WireBed.ON_NODE : WireBed.ROUTED;
  }
}
