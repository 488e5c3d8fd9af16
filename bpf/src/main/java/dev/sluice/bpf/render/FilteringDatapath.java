package dev.sluice.bpf.render;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfLink.Hook;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.core.datapath.CommonLimits;
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
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A datapath that filters and forwards by the shared programs: one object for each topology, whose
 * maps say who is where and what policy lets through. The node's part is a device without ports for
 * each network, which holds its gateway addresses; the program {@code from_node} is at its egress.
 * What the links of endpoints are, and where the other programs stand, is the datapath's to say.
 */
public abstract class FilteringDatapath
    implements Datapath, CountsInNftables, CountsInItsOwnPlace, TellsRoom {

  private static final String FROM_NODE = "from_node";
  private static final String FROM_ENDPOINT = "from_endpoint";
  private static final String TO_ENDPOINT = "to_endpoint";

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
          // What tells whose socket sent a packet, and where the kernel has it.
          KernelFeature.BPF_READ_KERNEL,
          KernelFeature.BTF,
          // What looks at all flows is called back, which no interpreter of the kernel can.
          KernelFeature.BPF_JIT);

  /** What it needs of a kernel beside what all such datapaths need. */
  protected abstract Set<KernelFeature> needed();

  /** The object file, as {@link BpfObject#file}. */
  protected abstract String file(KernelFeatures features);

  /** The node's link by which frames get to an interface: the near end of its pair. */
  protected String way(Topology topology, Endpoint endpoint, Interface iface) {
    return PortRender.link(topology, endpoint, iface);
  }

  /** What this one cannot honour, beside what none of them can. */
  protected List<Refusal> limits(Topology topology) {
    return List.of();
  }

  /** An endpoint's interface. */
  protected abstract List<KernelObject> port(
      DesiredState desired, BpfObject object, Endpoint endpoint, Interface iface);

  @Override
  public Support support(KernelFeatures features) {
    List<String> notes = new ArrayList<>(GatewayRender.notes(features));
    if (!features.has(KernelFeature.BPF_TCX)) {
      notes.add("programs are attached as filters (clsact), for this kernel has no TCX");
    }
    Set<KernelFeature> all = EnumSet.copyOf(NEEDED);
    all.addAll(needed());
    all.add(Hook.needed(features));
    return Support.of(features, all, notes);
  }

  @Override
  public final KernelState render(DesiredState desired) {
    Topology topology = desired.topology();
    List<Refusal> refusals = refusals(topology);
    if (!refusals.isEmpty()) {
      throw new RefusedTopologyException(topology.name(), name(), refusals);
    }
    BpfObject object = object(desired, new PolicyMaps(desired));
    List<KernelObject> out = new ArrayList<>();
    out.add(object);
    NatTable.render(desired, n -> GatewayRender.link(topology, n.name())).ifPresent(out::add);
    out.addAll(DenyList.render(topology));
    out.addAll(Uplinks.render(desired));
    for (Network network : topology.networks()) {
      if (network.gatewayOnNode()) {
        out.addAll(GatewayRender.alone(desired, network));
        String gateway = GatewayRender.link(topology, network.name());
        out.add(BpfLink.of(object, FROM_NODE, gateway, egress(desired)));
      }
    }
    out.addAll(Wires.render(desired, object, ingress(desired)));
    for (Endpoint endpoint : topology.endpoints()) {
      out.addAll(EndpointRender.render(topology, endpoint));
      endpoint.interfaces().forEach(i -> out.addAll(port(desired, object, endpoint, i)));
    }
    return KernelState.of(topology.name(), out);
  }

  private List<Refusal> refusals(Topology topology) {
    List<Refusal> out = new ArrayList<>(CommonLimits.refusals(topology, name()));
    out.addAll(NumberClashes.refusals(topology));
    out.addAll(Wires.refusals(topology));
    out.addAll(limits(topology));
    return out;
  }

  private BpfObject object(DesiredState desired, PolicyMaps policies) {
    Topology topology = desired.topology();
    List<MapContent> maps = new ArrayList<>(policies.maps());
    maps.addAll(new EndpointMaps(desired, policies, (e, iface) -> way(topology, e, iface)).maps());
    String file = file(desired.node().features());
    return BpfObject.of(topology.name(), file, maps);
  }

  /**
   * What the near end of an interface's pair has: no say of its own, and programs at both ways.
   *
   * @param from the hook of what the endpoint sends
   * @param to of what goes to it
   */
  protected static List<KernelObject> nearEnd(
      DesiredState desired,
      BpfObject object,
      Endpoint endpoint,
      Interface iface,
      Hook from,
      Hook to) {
    String link = PortRender.link(desired.topology(), endpoint, iface);
    return List.of(
        LinkSettings.withoutIpv6(NetnsRef.NODE, link),
        BpfLink.of(object, FROM_ENDPOINT, link, from),
        BpfLink.of(object, TO_ENDPOINT, link, to));
  }

  protected static Hook ingress(DesiredState desired) {
    return Hook.ingress(desired.node().features());
  }

  protected static Hook egress(DesiredState desired) {
    return Hook.egress(desired.node().features());
  }

  /** Only of what goes between endpoints and the world by the node. */
  @Override
  public final Map<NftCounter, Counted> counters(DesiredState desired) {
    return NatTable.counters(desired);
  }

  @Override
  public final Function<Node, Counts> counting(DesiredState desired) {
    PolicyMaps policies = new PolicyMaps(desired);
    BpfObject object = object(desired, policies);
    return node -> ProgramCounters.read(node, desired, policies, object);
  }

  @Override
  public final List<Room> rooms(Node node, String topology) {
    return FlowRoom.read(node, topology);
  }
}
