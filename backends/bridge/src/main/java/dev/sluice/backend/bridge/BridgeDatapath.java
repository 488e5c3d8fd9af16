package dev.sluice.backend.bridge;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.CountsInNftables;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DenyTable;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.EndpointRender;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.datapath.NatTable;
import dev.sluice.core.datapath.NftCounter;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.datapath.PublishedPort;
import dev.sluice.core.datapath.RefusedTopologyException;
import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.datapath.Uplinks;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.kernel.NftTable;
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
import java.util.stream.Collectors;

/**
 * veth + bridge. Each network is a bridge of the node that holds the gateway addresses; each
 * interface is a veth pair whose near end is a port of it. Between networks the node routes ({@link
 * GatewayRender}). What an endpoint may send is guarded at its port ({@link BridgeGuard}), and
 * policy is judged where the node forwards ({@link PolicyFilter}).
 */
public final class BridgeDatapath implements Datapath, CountsInNftables {

  public static final String NAME = "bridge";

  private static final Set<KernelFeature> NEEDED =
      EnumSet.of(
          KernelFeature.NETWORK_NAMESPACES,
          KernelFeature.VETH,
          KernelFeature.BRIDGE,
          KernelFeature.IPV6,
          KernelFeature.POLICY_ROUTING,
          KernelFeature.ADDRESS_PROTOCOL,
          KernelFeature.NFTABLES_DEVICE,
          KernelFeature.NFTABLES_CONNTRACK,
          KernelFeature.NFTABLES_NAT,
          KernelFeature.BRIDGE_NETFILTER);

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "veth pairs on a bridge per network, routed between networks by the node";
  }

  @Override
  public Support support(KernelFeatures features) {
    return Support.of(features, NEEDED, GatewayRender.notes(features));
  }

  @Override
  public KernelState render(DesiredState desired) {
    Topology topology = desired.topology();
    List<Refusal> refusals = BridgeLimits.refusals(topology);
    if (!refusals.isEmpty()) {
      throw new RefusedTopologyException(topology.name(), NAME, refusals);
    }
    List<KernelObject> out = new ArrayList<>();
    Optional<NftTable> filter = PolicyFilter.render(desired);
    out.add(BridgeGuard.render(desired));
    if (filter.isPresent()) {
      out.add(filter.get());
      out.addAll(PolicyFilter.settings());
    }
    NatTable.render(desired, n -> bridgeName(topology, n.name())).ifPresent(out::add);
    DenyTable.render(desired).ifPresent(out::add);
    out.addAll(Uplinks.render(desired));
    List<PublishedPort> published = PublishedPort.of(topology);
    for (Network network : topology.networks()) {
      // What a published port answers a neighbour passes no router: the bridge has to translate it.
      boolean netfilter =
          filter.isPresent() || published.stream().anyMatch(p -> isIn(p.endpoint(), network));
      out.addAll(GatewayRender.render(desired, network, netfilter));
    }
    Set<IpAddress> addresses =
        published.stream().map(PublishedPort::address).collect(Collectors.toSet());
    for (Endpoint endpoint : topology.endpoints()) {
      out.addAll(EndpointRender.render(topology, endpoint));
      for (Interface iface : endpoint.interfaces()) {
        out.addAll(ports(desired, endpoint, iface, addresses));
      }
    }
    return KernelState.of(topology.name(), out);
  }

  @Override
  public Map<NftCounter, Counted> counters(DesiredState desired) {
    return BridgeCounters.of(desired);
  }

  private static boolean isIn(Endpoint endpoint, Network network) {
    return endpoint.interfaces().stream().anyMatch(i -> i.network().equals(network.name()));
  }

  static String bridgeName(Topology topology, String network) {
    return GatewayRender.link(topology, network);
  }

  static String portName(Topology topology, Endpoint endpoint, Interface iface) {
    return PortRender.link(topology, endpoint, iface);
  }

  private static List<KernelObject> ports(
      DesiredState desired, Endpoint endpoint, Interface iface, Set<IpAddress> published) {
    // A bridge translates addresses as a frame comes in: what an endpoint sends to its own
    // published port has to leave by the port that it came in by.
    boolean hairpin = iface.addresses().stream().anyMatch(published::contains);
    String bridge = bridgeName(desired.topology(), iface.network());
    return PortRender.render(desired, endpoint, iface, Optional.of(bridge), hairpin);
  }
}
