package dev.sluice.backend.ebpf;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.WireContract;
import org.junit.jupiter.api.Tag;

@Tag("kernels")
@Tag("sliced")
@Tag("ebpf")
class EbpfWireTest extends WireContract {

  @Override
  protected Datapath datapath() {
    return new EbpfDatapath();
  }
}
