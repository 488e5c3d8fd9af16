package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.TamperContract;

class BridgeTamperTest extends TamperContract {

  @Override
  protected Datapath datapath() {
    return new BridgeDatapath();
  }

  @Override
  protected boolean floods() {
    return true;
  }
}
