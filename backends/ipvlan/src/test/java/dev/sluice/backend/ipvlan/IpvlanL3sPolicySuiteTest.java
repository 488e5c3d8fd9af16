package dev.sluice.backend.ipvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.testkit.cyclonus.PolicySuite;
import org.junit.jupiter.api.Tag;

@Tag("ipvlan")
@Tag("sliced")
class IpvlanL3sPolicySuiteTest extends PolicySuite {

  @Override
  protected Datapath datapath() {
    return new IpvlanDatapath(IpvlanMode.L3S);
  }
}
