package dev.sluice.backend.ipvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.cyclonus.PolicySuite;
import org.junit.jupiter.api.Tag;

@Tag("ipvlan")
class IpvlanPolicySuiteTest extends PolicySuite {

  @Override
  protected Datapath datapath() {
    return new IpvlanDatapath();
  }
}
