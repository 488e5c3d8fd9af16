package dev.sluice.backend.macvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.PolicyCrashContract;
import dev.sluice.testkit.SteppedProcess;

class MacvlanPolicyCrashTest extends PolicyCrashContract {

  @Override
  protected Datapath datapath() {
    return new MacvlanDatapath();
  }

  @Override
  protected boolean changesFilter(String step) {
    return step.startsWith(SteppedProcess.WORK);
  }

  @Override
  protected int stepsOfAChange() {
    return 1;
  }
}
