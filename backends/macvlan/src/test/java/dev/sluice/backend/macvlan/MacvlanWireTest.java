package dev.sluice.backend.macvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.WireContract;
import org.junit.jupiter.api.Tag;

@Tag("kernels")
@Tag("sliced")
@Tag("macvlan")
class MacvlanWireTest extends WireContract {

  @Override
  protected Datapath datapath() {
    return new MacvlanDatapath();
  }
}
