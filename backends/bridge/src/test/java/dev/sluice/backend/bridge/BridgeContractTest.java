package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.Counts;
import dev.sluice.testkit.DatapathContract;
import org.junit.jupiter.api.Tag;

@Tag("bridge")
class BridgeContractTest extends DatapathContract {

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
