package dev.sluice.backend.ebpf;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.WireDeviceContract;
import org.junit.jupiter.api.Tag;

@Tag("kernels")
@Tag("sliced")
@Tag("ebpf")
class EbpfWireDeviceTest extends WireDeviceContract {

  @Override
  protected Datapath datapath() {
    return new EbpfDatapath();
  }
}
