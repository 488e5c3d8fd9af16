package dev.sluice.backend.macvlan;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.testkit.TamperContract;
import dev.sluice.testkit.TestTopologies;
import java.util.List;

class MacvlanTamperTest extends TamperContract {

  @Override
  protected Datapath datapath() {
    return new MacvlanDatapath();
  }

  /** With the mark of what has been decided on, too. */
  @Override
  protected List<Integer> marks(String topology) {
    return TestTopologies.render(datapath(), topology).objects().stream()
        .filter(BpfObject.class::isInstance)
        .map(o -> ((BpfObject) o).settings().get("passed_mark").intValue())
        .toList();
  }
}
