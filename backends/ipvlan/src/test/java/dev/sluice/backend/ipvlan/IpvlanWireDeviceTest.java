package dev.sluice.backend.ipvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.WireDeviceContract;
import org.junit.jupiter.api.Tag;

@Tag("kernels")
@Tag("sliced")
@Tag("ipvlan")
class IpvlanWireDeviceTest extends WireDeviceContract {

  @Override
  protected Datapath datapath() {
    return new IpvlanDatapath();
  }
}
