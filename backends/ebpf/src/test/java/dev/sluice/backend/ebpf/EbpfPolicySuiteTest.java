package dev.sluice.backend.ebpf;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.cyclonus.PolicySuite;

class EbpfPolicySuiteTest extends PolicySuite {

  @Override
  protected Datapath datapath() {
    return new EbpfDatapath();
  }
}
