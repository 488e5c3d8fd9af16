package dev.sluice.backend.macvlan;

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
import dev.sluice.bpf.render.Layout;
import dev.sluice.bpf.render.PolicyMaps;
import dev.sluice.bpf.render.ProgramCounters;
import dev.sluice.bpf.render.Sizes;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.CountsInNftables;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.Derived;
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
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.VethPair;
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
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Macvlans in VEPA mode, each on a parent of its own, one end of a veth pair of ours. All that they
 * send comes to the parent's egress, where a program decides on it and turns what may pass round,
 * to the receiver's parent. What is for the node goes by the device that holds the gateway
 * addresses, as on the eBPF datapath.
 *
 * <p>Slaves of one parent hear each other past every program, once they have left VEPA mode: what
 * is for many in bridge mode, whatever a neighbour sends in source mode; and who takes the MAC of
 * one that is down gets what is for it. So no two endpoints have the same.
 */
public final class MacvlanDatapath
    implements Datapath, CountsInNftables, CountsInItsOwnPlace, TellsRoom {

  public static final String NAME = "macvlan";

  private static final String FILE = "parent";

  /** Numbers of slaves begin here: far from those that a kernel gives by itself. */
  private static final int FIRST_INDEX = 0x40000000;

  private static final Set<KernelFeature> NEEDED =
      EnumSet.of(
          KernelFeature.NETWORK_NAMESPACES,
          KernelFeature.MACVLAN,
          KernelFeature.VETH,
          KernelFeature.BRIDGE,
          KernelFeature.IPV6,
          KernelFeature.POLICY_ROUTING,
          KernelFeature.ADDRESS_PROTOCOL,
          KernelFeature.NFTABLES_CONNTRACK,
          KernelFeature.NFTABLES_NAT,
          KernelFeature.BPF,
          KernelFeature.BPF_JIT,
          KernelFeature.BPF_TCX,
          // A program learns by the kernel's own types who sends.
          KernelFeature.BTF);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "macvlans in VEPA mode, filtered and turned round by BPF programs at their parent";
  }

  @Override
  public Support support(KernelFeatures features) {
    return Support.of(features, NEEDED, GatewayRender.notes(features));
  }

  @Override
  public KernelState render(DesiredState desired) {
    Topology topology = desired.topology();
    List<Refusal> refusals = MacvlanLimits.refusals(topology);
    if (!refusals.isEmpty()) {
      throw new RefusedTopologyException(topology.name(), NAME, refusals);
    }
    BpfObject object = object(desired, new PolicyMaps(desired));
    List<KernelObject> out = new ArrayList<>();
    out.add(object);
    out.add(BpfLink.tracing(object, "note_sender"));
    NatTable.render(desired, n -> GatewayRender.link(topology, n.name())).ifPresent(out::add);
    out.addAll(Uplinks.render(desired));
    out.addAll(DenyList.render(topology));
    for (Network network : topology.networks()) {
      out.addAll(GatewayRender.alone(desired, network));
      out.add(
          BpfLink.of(
              object, "from_node", GatewayRender.link(topology, network.name()), Hook.TCX_EGRESS));
    }
    for (Endpoint endpoint : topology.endpoints()) {
      out.addAll(EndpointRender.render(topology, endpoint));
      for (Interface iface : endpoint.interfaces()) {
        out.addAll(parent(desired, object, endpoint, iface));
        out.add(slave(desired, endpoint, iface));
        out.addAll(PortRender.neighbours(desired, endpoint, iface));
      }
    }
    return KernelState.of(topology.name(), out);
  }

  private static String parent(Topology topology, Endpoint endpoint, Interface iface) {
    return Derived.linkName(
        "sp", endpoint.name(), topology.name(), "parent", endpoint.name(), iface.name());
  }

  /**
   * One end of a veth pair whose other end leads nowhere: a device that has a carrier, so that its
   * slave has one. A bridge without ports may lose its own.
   */
  private static List<KernelObject> parent(
      DesiredState desired, BpfObject object, Endpoint endpoint, Interface iface) {
    Topology topology = desired.topology();
    String parent = parent(topology, endpoint, iface);
    String beyond =
        Derived.linkName(
            "sq", endpoint.name(), topology.name(), "beyond", endpoint.name(), iface.name());
    String alias =
        "sluice " + topology.name() + "/" + endpoint.name() + "/" + iface.name() + " parent";
    return List.of(
        new VethPair(
            end(desired, endpoint, iface, parent, "parent"),
            Optional.empty(),
            false,
            alias,
            NetnsRef.NODE,
            end(desired, endpoint, iface, beyond, "beyond")),
        LinkSettings.withoutIpv6(NetnsRef.NODE, parent),
        LinkSettings.withoutIpv6(NetnsRef.NODE, beyond),
        BpfLink.of(object, "from_slaves", parent, Hook.TCX_EGRESS),
        BpfLink.of(object, "to_slaves", parent, Hook.TCX_INGRESS));
  }

  private static VethPair.End end(
      DesiredState desired, Endpoint endpoint, Interface iface, String name, String which) {
    Topology topology = desired.topology();
    MacAddress mac =
        MacAddress.derive(
            desired.node().machineId(), topology.name(), which, endpoint.name(), iface.name());
    return new VethPair.End(name, mac, topology.network(iface.network()).mtu(), true);
  }

  private static Macvlan slave(DesiredState desired, Endpoint endpoint, Interface iface) {
    Topology topology = desired.topology();
    return new Macvlan(
        NetnsRef.named(endpoint.netns()),
        iface.name(),
        index(endpoint, iface),
        parent(topology, endpoint, iface),
        true,
        desired.mac(endpoint, iface),
        topology.network(iface.network()).mtu(),
        true);
  }

  private static int index(Endpoint endpoint, Interface iface) {
    return FIRST_INDEX | (Ids.of(endpoint, iface) & (FIRST_INDEX - 1));
  }

  private static BpfObject object(DesiredState desired, PolicyMaps policies) {
    Topology topology = desired.topology();
    List<MapContent> maps = new ArrayList<>(policies.maps());
    maps.addAll(
        new EndpointMaps(
                desired,
                policies,
                (endpoint, iface) -> parent(topology, endpoint, iface),
                senders(topology))
            .maps());
    SortedMap<String, Long> settings = new TreeMap<>();
    settings.put("passed_mark", passedMark(desired));
    return BpfObject.of(topology.name(), FILE, settings, maps);
  }

  /** Nobody else on the machine needs to know it, and no two topologies have the same. */
  private static long passedMark(DesiredState desired) {
    String machine = desired.node().machineId();
    return Integer.toUnsignedLong(Ids.u32("passed", machine, desired.topology().name()));
  }

  private static MapContent senders(Topology topology) {
    SortedMap<MapValue, MapValue> out = new TreeMap<>();
    for (Endpoint endpoint : topology.endpoints()) {
      for (Interface iface : endpoint.interfaces()) {
        out.put(
            Bytes.of(Layout.SENDER)
                .netnsCookie("netns", endpoint.netns())
                .u32("link", index(endpoint, iface))
                .value(),
            Bytes.of(Layout.SEAT)
                .u32("slot", Ids.of(endpoint, iface))
                .link("parent", parent(topology, endpoint, iface))
                .value());
      }
    }
    return MapContent.exact("senders", Sizes.of(out.size()), out);
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
}
