package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.Counts;
import dev.sluice.testkit.TamperContract;

class BridgeTamperTest extends TamperContract {

  @Override
  protected Datapath datapath() {
    return new BridgeDatapath();
  }

  @Override
  protected Counts counts(Node node, String topology) {
    return BridgeCounts.of(node, topology);
  }

  @Override
  protected boolean floods() {
    return true;
  }
}
