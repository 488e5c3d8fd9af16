package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.cyclonus.PolicySuite;

class BridgePolicySuiteTest extends PolicySuite {

  @Override
  protected Datapath datapath() {
    return new BridgeDatapath();
  }
}
