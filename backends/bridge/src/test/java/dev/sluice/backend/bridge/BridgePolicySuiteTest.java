package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.cyclonus.PolicySuite;
import org.junit.jupiter.api.Tag;

@Tag("bridge")
class BridgePolicySuiteTest extends PolicySuite {

  @Override
  protected Datapath datapath() {
    return new BridgeDatapath();
  }
}
