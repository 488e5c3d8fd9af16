package dev.sluice.backend.macvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.cyclonus.PolicySuite;
import org.junit.jupiter.api.Tag;

@Tag("macvlan")
class MacvlanPolicySuiteTest extends PolicySuite {

  @Override
  protected Datapath datapath() {
    return new MacvlanDatapath();
  }
}
