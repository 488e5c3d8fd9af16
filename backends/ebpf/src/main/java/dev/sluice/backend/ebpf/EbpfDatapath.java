package dev.sluice.backend.ebpf;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.render.FilteringDatapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.LinkSettings;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * veth pairs whose near ends have a program at their ingress, which decides on all that an endpoint
 * sends and hands it straight to the endpoint that it is for. What is for the node, or goes through
 * it, goes by the device that holds the gateway addresses, and what comes back by a program at that
 * device's egress.
 */
public final class EbpfDatapath extends FilteringDatapath {

  public static final String NAME = "ebpf";

  private static final String FROM_ENDPOINT = "from_endpoint";

  public EbpfDatapath() {
    super("endpoint");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "veth pairs, filtered and redirected by BPF programs from endpoint to endpoint";
  }

  @Override
  protected Set<KernelFeature> needed() {
    return EnumSet.of(KernelFeature.BPF_REDIRECT_PEER);
  }

  @Override
  public Support support(KernelFeatures features) {
    Support support = super.support(features);
    if (!features.has(KernelFeature.NETKIT)) {
      return support;
    }
    List<String> notes = new ArrayList<>(support.notes());
    notes.add("veth pairs are used, though this kernel has netkit devices");
    return new Support(support.lacks(), notes);
  }

  @Override
  protected SortedMap<String, Long> settings(DesiredState desired) {
    return Collections.emptySortedMap();
  }

  @Override
  protected String way(Topology topology, Endpoint endpoint, Interface iface) {
    return PortRender.link(topology, endpoint, iface);
  }

  @Override
  protected List<KernelObject> port(
      DesiredState desired, BpfObject object, Endpoint endpoint, Interface iface) {
    List<KernelObject> out =
        new ArrayList<>(PortRender.render(desired, endpoint, iface, Optional.empty(), false));
    String link = PortRender.link(desired.topology(), endpoint, iface);
    out.add(LinkSettings.withoutIpv6(NetnsRef.NODE, link));
    out.add(BpfLink.of(object, FROM_ENDPOINT, link, ingress(desired)));
    return out;
  }
}
