package dev.sluice.backend.macvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.TamperContract;

class MacvlanTamperTest extends TamperContract {

  @Override
  protected Datapath datapath() {
    return new MacvlanDatapath();
  }
}
