package dev.sluice.backend.ipvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.testkit.Counts;
import dev.sluice.testkit.CountsByMeaning;
import dev.sluice.testkit.ForwardingContract;
import org.junit.jupiter.api.Tag;

/** In mode l3: an endpoint sends no frames of its own there, so what guards those is not asked. */
@Tag("kernels")
@Tag("sliced")
@Tag("ipvlan")
class IpvlanL3ContractTest extends ForwardingContract {

  @Override
  protected Datapath datapath() {
    return new IpvlanDatapath(IpvlanMode.L3);
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
