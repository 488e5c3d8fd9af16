package dev.sluice.backend.ebpf;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.render.FilteringDatapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The programs of netkit pairs, with all that their maps hold, on a kernel that need not have such
 * pairs: at the near ends of veth pairs. For frames of BPF_PROG_TEST_RUN alone; what a veth pair
 * carries they do not get to where it is to go.
 */
final class NetkitOnVeth extends FilteringDatapath {

  @Override
  public String name() {
    return "netkit-on-veth";
  }

  @Override
  public String summary() {
    return "for tests";
  }

  @Override
  protected Set<KernelFeature> needed() {
    return Set.of();
  }

  @Override
  protected String file(KernelFeatures features) {
    return "netkit";
  }

  @Override
  protected List<KernelObject> port(
      DesiredState desired, BpfObject object, Endpoint endpoint, Interface iface) {
    List<KernelObject> out =
        new ArrayList<>(PortRender.render(desired, endpoint, iface, Optional.empty(), false));
    out.addAll(nearEnd(desired, object, endpoint, iface, ingress(desired), egress(desired)));
    return out;
  }
}
