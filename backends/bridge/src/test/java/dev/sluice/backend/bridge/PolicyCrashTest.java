package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.PolicyCrashContract;
import dev.sluice.testkit.SteppedProcess;

class PolicyCrashTest extends PolicyCrashContract {

  @Override
  protected Datapath datapath() {
    return Bed.DATAPATH;
  }

  @Override
  protected boolean changesFilter(String step) {
    return step.equals(SteppedProcess.TRANSACTION);
  }

  @Override
  protected int stepsOfAChange() {
    return 2;
  }
}
