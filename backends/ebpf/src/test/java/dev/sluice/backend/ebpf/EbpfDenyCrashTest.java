package dev.sluice.backend.ebpf;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.DenyCrashContract;
import dev.sluice.testkit.SteppedProcess;

class EbpfDenyCrashTest extends DenyCrashContract {

  @Override
  protected Datapath datapath() {
    return new EbpfDatapath();
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
