package dev.sluice.backend.macvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.WireDeviceContract;
import org.junit.jupiter.api.Tag;

@Tag("kernels")
@Tag("sliced")
@Tag("macvlan")
class MacvlanWireDeviceTest extends WireDeviceContract {

  @Override
  protected Datapath datapath() {
    return new MacvlanDatapath();
  }
}
