package dev.sluice.backend.ebpf;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.Counts;
import dev.sluice.testkit.CountsByMeaning;
import dev.sluice.testkit.ForwardingContract;

/**
 * With filters in the place of TCX links: of old kernels the whole contract is tried in a guest.
 */
class FiltersContractTest extends ForwardingContract {

  @Override
  protected Datapath datapath() {
    return new WithoutTcx();
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
