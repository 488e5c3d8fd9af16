package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.DatapathContract;

class BridgeContractTest extends DatapathContract {

  @Override
  protected Datapath datapath() {
    return new BridgeDatapath();
  }
}
