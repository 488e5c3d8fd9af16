package dev.sluice.backend.ipvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.Counts;
import dev.sluice.testkit.CountsByMeaning;
import dev.sluice.testkit.DatapathContract;
import org.junit.jupiter.api.Tag;

@Tag("ipvlan")
class IpvlanContractTest extends DatapathContract {

  @Override
  protected Datapath datapath() {
    return new IpvlanDatapath();
  }

  @Override
  protected Counts counts(Node node, String topology) {
    return CountsByMeaning.of(node, datapath(), topology);
  }

  @Override
  protected boolean floods() {
    return false;
  }
}
