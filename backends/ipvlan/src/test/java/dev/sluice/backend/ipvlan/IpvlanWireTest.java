package dev.sluice.backend.ipvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.WireContract;
import org.junit.jupiter.api.Tag;

@Tag("kernels")
@Tag("sliced")
@Tag("ipvlan")
class IpvlanWireTest extends WireContract {

  @Override
  protected Datapath datapath() {
    return new IpvlanDatapath();
  }
}
