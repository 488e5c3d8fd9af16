package dev.sluice.backend.ipvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.testkit.Counts;
import dev.sluice.testkit.CountsByMeaning;
import dev.sluice.testkit.ForwardingContract;
import org.junit.jupiter.api.Tag;

/** In mode l3s: an endpoint sends no frames of its own there, so what guards those is not asked. */
@Tag("kernels")
@Tag("sliced")
@Tag("ipvlan")
class IpvlanL3sContractTest extends ForwardingContract {

  @Override
  protected Datapath datapath() {
    return new IpvlanDatapath(IpvlanMode.L3S);
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
