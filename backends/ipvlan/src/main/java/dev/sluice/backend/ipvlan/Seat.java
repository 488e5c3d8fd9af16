package dev.sluice.backend.ipvlan;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.GatewayRender;
import dev.sluice.core.datapath.LinkSettings;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.Ipvlan;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Namespace;
import dev.sluice.core.kernel.Neighbour;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Route;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An endpoint's ipvlan, the parent that it is on, and the namespace that this is in. */
final class Seat {

  private static final String PARENT = "parent";
  private static final int LINK_LOCAL_PREFIX = 64;

  private final DesiredState desired;
  private final Endpoint endpoint;
  private final Interface iface;
  private final IpvlanMode mode;
  private final Topology topology;
  private final Network network;

  /** Where the parent is. */
  private final NetnsRef hidden;

  Seat(DesiredState desired, Endpoint endpoint, Interface iface, IpvlanMode mode) {
    this.desired = desired;
    this.endpoint = endpoint;
    this.iface = iface;
    this.mode = mode;
    this.topology = desired.topology();
    this.network = topology.network(iface.network());
    this.hidden =
        NetnsRef.named(
            "sluice-" + Derived.shortHash(topology.name(), PARENT, endpoint.name(), iface.name()));
  }

  List<KernelObject> render() {
    List<KernelObject> out = new ArrayList<>();
    out.add(new Namespace(hidden.name().orElseThrow(), true));
    // The ipvlan has its parent's MAC.
    out.add(PortRender.pairTo(hidden, PARENT, desired, endpoint, iface));
    out.add(
        new Ipvlan(
            NetnsRef.named(endpoint.netns()),
            iface.name(),
            hidden,
            PARENT,
            mode,
            true,
            network.mtu(),
            true));
    boolean routes = mode != IpvlanMode.L2;
    out.addAll(LinkSettings.ofParent(hidden, PARENT, routes && network.hasIpv6()));
    if (routes) {
      network.subnets().forEach(subnet -> out.addAll(way(subnet)));
    } else {
      // The kernel hands an answer to the ipvlan that has the address it is for, and on this parent
      // there is none with the addresses of the endpoint's other interfaces.
      out.add(LinkSettings.askingForItself(NetnsRef.named(endpoint.netns()), iface.name()));
    }
    if (network.hasIpv6()) {
      out.addAll(linkLocal());
    }
    return out;
  }

  /** All goes by the gateway, neighbours' too: the frames are the parent's, who knows no others. */
  private List<KernelObject> way(Subnet subnet) {
    IpAddress gateway = subnet.gateway();
    Cidr itself = new Cidr(gateway, gateway.bits());
    return List.of(
        new Route(hidden, Route.MAIN, itself, new Route.OnLink(PARENT, Optional.empty())),
        new Route(hidden, Route.MAIN, Cidr.any(gateway.isV4()), new Route.Via(PARENT, gateway)),
        new Neighbour(hidden, PARENT, gateway, GatewayRender.mac(desired, network.name())));
  }

  /** The kernel would make it of the MAC and of a number that each ipvlan of a parent has. */
  private List<KernelObject> linkLocal() {
    NetnsRef netns = NetnsRef.named(endpoint.netns());
    IpAddress own = IpAddress.linkLocal(desired.mac(endpoint, iface));
    return List.of(
        LinkSettings.withoutLinkLocal(netns, iface.name()),
        new Address(netns, iface.name(), own, LINK_LOCAL_PREFIX));
  }
}
