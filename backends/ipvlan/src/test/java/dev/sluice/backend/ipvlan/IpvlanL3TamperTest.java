package dev.sluice.backend.ipvlan;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.testkit.TamperContract;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;

/** In mode l3. */
@Tag("kernels")
@Tag("sliced")
@Tag("ipvlan")
@Timeout(600)
class IpvlanL3TamperTest extends TamperContract {

  @Override
  protected Datapath datapath() {
    return new IpvlanDatapath(IpvlanMode.L3);
  }

  @Override
  protected String column() {
    return "ipvlan l3";
  }

  /** The ipvlan asks the packet for its protocol, and such a one does not say. */
  @Override
  protected boolean isGivenWhatIsSentByXdp() {
    return false;
  }
}
