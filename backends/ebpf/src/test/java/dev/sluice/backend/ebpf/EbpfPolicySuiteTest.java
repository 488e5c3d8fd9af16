package dev.sluice.backend.ebpf;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.cyclonus.PolicySuite;
import org.junit.jupiter.api.Tag;

@Tag("ebpf")
class EbpfPolicySuiteTest extends PolicySuite {

  @Override
  protected Datapath datapath() {
    return new EbpfDatapath();
  }
}
