package dev.sluice.backend.ebpf;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfLink.Hook;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.bpf.render.Bytes;
import dev.sluice.bpf.render.DenyList;
import dev.sluice.bpf.render.EndpointMaps;
import dev.sluice.bpf.render.FlowRoom;
import dev.sluice.bpf.render.Ids;
import dev.sluice.bpf.render.PolicyMaps;
import dev.sluice.bpf.render.ProgramCounters;
import dev.sluice.bpf.render.Sizes;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.CountsInNftables;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.EndpointRender;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.datapath.LinkSettings;
import dev.sluice.core.datapath.NatTable;
import dev.sluice.core.datapath.NftCounter;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.datapath.RefusedTopologyException;
import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.datapath.Uplinks;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.reconcile.CountsInItsOwnPlace;
import dev.sluice.core.reconcile.Room;
import dev.sluice.core.reconcile.TellsRoom;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * veth pairs whose near ends have a program at their ingress, which decides on all that an endpoint
 * sends and hands it straight to the endpoint that it is for. What is for the node, or goes through
 * it, goes by the device that holds the gateway addresses, and what comes back by a program at that
 * device's egress.
 */
public final class EbpfDatapath
    implements Datapath, CountsInNftables, CountsInItsOwnPlace, TellsRoom {

  public static final String NAME = "ebpf";

  private static final String FILE = "endpoint";
  private static final String FROM_ENDPOINT = "from_endpoint";
  private static final String FROM_NODE = "from_node";

  private static final Set<KernelFeature> NEEDED =
      EnumSet.of(
          KernelFeature.NETWORK_NAMESPACES,
          KernelFeature.VETH,
          KernelFeature.BRIDGE,
          KernelFeature.IPV6,
          KernelFeature.POLICY_ROUTING,
          KernelFeature.ADDRESS_PROTOCOL,
          KernelFeature.NFTABLES_CONNTRACK,
          KernelFeature.NFTABLES_NAT,
          KernelFeature.BPF,
          // Timers of flows call back, which no interpreter of the kernel can.
          KernelFeature.BPF_JIT,
          KernelFeature.BPF_REDIRECT_PEER);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "veth pairs, filtered and redirected by BPF programs from endpoint to endpoint";
  }

  @Override
  public Support support(KernelFeatures features) {
    List<String> notes = new ArrayList<>(GatewayRender.notes(features));
    if (features.has(KernelFeature.NETKIT)) {
      notes.add("veth pairs are used, though this kernel has netkit devices");
    }
    if (!features.has(KernelFeature.BPF_TCX)) {
      notes.add("programs are attached as filters (clsact), for this kernel has no TCX");
    }
    Set<KernelFeature> needed = EnumSet.copyOf(NEEDED);
    needed.add(Hook.needed(features));
    return Support.of(features, needed, notes);
  }

  @Override
  public KernelState render(DesiredState desired) {
    Topology topology = desired.topology();
    List<Refusal> refusals = EbpfLimits.refusals(topology);
    if (!refusals.isEmpty()) {
      throw new RefusedTopologyException(topology.name(), NAME, refusals);
    }
    BpfObject object = object(desired, new PolicyMaps(desired));
    Hook ingress = Hook.ingress(desired.node().features());
    Hook egress = Hook.egress(desired.node().features());
    List<KernelObject> out = new ArrayList<>();
    out.add(object);
    NatTable.render(desired, n -> GatewayRender.link(topology, n.name())).ifPresent(out::add);
    out.addAll(DenyList.render(topology));
    out.addAll(Uplinks.render(desired));
    for (Network network : topology.networks()) {
      out.addAll(GatewayRender.alone(desired, network));
      String gateway = GatewayRender.link(topology, network.name());
      out.add(BpfLink.of(object, FROM_NODE, gateway, egress));
    }
    for (Endpoint endpoint : topology.endpoints()) {
      out.addAll(EndpointRender.render(topology, endpoint));
      for (Interface iface : endpoint.interfaces()) {
        out.addAll(PortRender.render(desired, endpoint, iface, Optional.empty(), false));
        String link = PortRender.link(topology, endpoint, iface);
        out.add(LinkSettings.withoutIpv6(NetnsRef.NODE, link));
        out.add(BpfLink.of(object, FROM_ENDPOINT, link, ingress));
      }
    }
    return KernelState.of(topology.name(), out);
  }

  /** Only of what goes between endpoints and the world by the node. */
  @Override
  public Map<NftCounter, Counted> counters(DesiredState desired) {
    return NatTable.counters(desired);
  }

  @Override
  public Counts counts(Node node, DesiredState desired) {
    PolicyMaps policies = new PolicyMaps(desired);
    return ProgramCounters.read(node, desired, policies, object(desired, policies));
  }

  @Override
  public List<Room> rooms(Node node, DesiredState desired) {
    return FlowRoom.read(node, desired.topology().name());
  }

  private static BpfObject object(DesiredState desired, PolicyMaps policies) {
    Topology topology = desired.topology();
    List<MapContent> maps = new ArrayList<>(policies.maps());
    maps.addAll(
        new EndpointMaps(
                desired,
                policies,
                (endpoint, iface) -> PortRender.link(topology, endpoint, iface),
                senders(topology))
            .maps());
    return BpfObject.of(desired.topology().name(), FILE, Collections.emptySortedMap(), maps);
  }

  /** Slots by the near ends of the pairs. */
  private static MapContent senders(Topology topology) {
    SortedMap<MapValue, MapValue> links = new TreeMap<>();
    for (Endpoint endpoint : topology.endpoints()) {
      for (Interface iface : endpoint.interfaces()) {
        links.put(
            Bytes.linkOf(PortRender.link(topology, endpoint, iface)),
            Bytes.u32Of(Ids.of(endpoint, iface)));
      }
    }
    return MapContent.exact("links", Sizes.of(links.size()), links);
  }
}
