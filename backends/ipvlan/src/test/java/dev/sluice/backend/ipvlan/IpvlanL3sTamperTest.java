package dev.sluice.backend.ipvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.testkit.TamperContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** In mode l3s. */
@Tag("kernels")
@Tag("sliced")
@Tag("ipvlan")
@Timeout(600)
class IpvlanL3sTamperTest extends TamperContract {

  @Override
  protected Datapath datapath() {
    return new IpvlanDatapath(IpvlanMode.L3S);
  }

  @Override
  protected String column() {
    return "ipvlan l3s";
  }

  /** The ipvlan asks the packet for its protocol, and such a one does not say. */
  @Override
  protected boolean isGivenWhatIsSentByXdp() {
    return false;
  }
}
