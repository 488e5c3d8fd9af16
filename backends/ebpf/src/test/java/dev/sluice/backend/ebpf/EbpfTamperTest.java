package dev.sluice.backend.ebpf;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.TamperContract;

class EbpfTamperTest extends TamperContract {

  @Override
  protected Datapath datapath() {
    return new EbpfDatapath();
  }
}
