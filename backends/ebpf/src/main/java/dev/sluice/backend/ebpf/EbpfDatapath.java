package dev.sluice.backend.ebpf;

import dev.sluice.bpf.kernel.BpfLink.Hook;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.render.FilteringDatapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Pairs whose near ends have a program at what comes in by them, which decides on all that an
 * endpoint sends and hands it straight to the endpoint that it is for. What is for the node, or
 * goes through it, goes by the device that holds the gateway addresses, and what comes back by a
 * program at that device's egress. What goes out by a near end without one of them having sent it
 * there another program drops. netkit pairs where the kernel has them, else veth pairs.
 */
public final class EbpfDatapath extends FilteringDatapath {

  public static final String NAME = "ebpf";

  public EbpfDatapath() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "netkit or veth pairs, filtered and redirected by BPF programs from endpoint to"
        + " endpoint";
  }

  @Override
  protected Set<KernelFeature> needed() {
    return EnumSet.of(KernelFeature.BPF_REDIRECT_PEER);
  }

  @Override
  public Support support(KernelFeatures features) {
    Support support = super.support(features);
    List<String> notes = new ArrayList<>(support.notes());
    notes.add(
        hasNetkit(features)
            ? "endpoints have netkit pairs"
            : "endpoints have veth pairs, for this kernel has no netkit devices that will do");
    return new Support(support.lacks(), notes);
  }

  private static boolean hasNetkit(KernelFeatures features) {
    return features.has(KernelFeature.NETKIT);
  }

  private static boolean hasNetkit(DesiredState desired) {
    return hasNetkit(desired.node().features());
  }

  @Override
  protected String file(KernelFeatures features) {
    return hasNetkit(features) ? "netkit" : "endpoint";
  }

  @Override
  protected List<KernelObject> port(
      DesiredState desired, BpfObject object, Endpoint endpoint, Interface iface) {
    List<KernelObject> out = new ArrayList<>();
    if (hasNetkit(desired)) {
      out.addAll(PortRender.netkit(desired, endpoint, iface));
      out.addAll(nearEnd(desired, object, endpoint, iface, Hook.NETKIT_PEER, Hook.NETKIT_PRIMARY));
    } else {
      out.addAll(PortRender.render(desired, endpoint, iface, Optional.empty(), false));
      out.addAll(nearEnd(desired, object, endpoint, iface, ingress(desired), egress(desired)));
    }
    return out;
  }
}
