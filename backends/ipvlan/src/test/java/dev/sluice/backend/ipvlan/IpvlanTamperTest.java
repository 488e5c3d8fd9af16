package dev.sluice.backend.ipvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.TamperContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

@Tag("kernels")
@Tag("ipvlan")
@Timeout(600)
class IpvlanTamperTest extends TamperContract {

  @Override
  protected Datapath datapath() {
    return new IpvlanDatapath();
  }
}
