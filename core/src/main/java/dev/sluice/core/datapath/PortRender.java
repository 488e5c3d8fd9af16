package dev.sluice.core.datapath;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.Neighbour;
import dev.sluice.core.kernel.NetkitPair;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An endpoint's interface where it is an end of a pair: its near end is in the node. The same on
 * every datapath that has such pairs, but for what the near end is a port of.
 */
public final class PortRender {

  private PortRender() {}

  /** The name of the near end. */
  public static String link(Topology topology, Endpoint endpoint, Interface iface) {
    return Derived.linkName(
        "sv", endpoint.name(), topology.name(), "endpoint", endpoint.name(), iface.name());
  }

  /**
   * A veth pair, and what the endpoint and its gateway know of each other.
   *
   * @param master the bridge that the near end is a port of
   * @param hairpin whether that may send a frame back by the port that it came in by
   */
  public static List<KernelObject> render(
      DesiredState desired,
      Endpoint endpoint,
      Interface iface,
      Optional<String> master,
      boolean hairpin) {
    return with(
        new VethPair(
            near(desired, endpoint, iface),
            master,
            hairpin,
            alias(desired, endpoint, iface),
            NetnsRef.named(endpoint.netns()),
            far(desired, endpoint, iface)),
        neighbours(desired, endpoint, iface));
  }

  /** As {@link #render}, with a netkit pair. */
  public static List<KernelObject> netkit(
      DesiredState desired, Endpoint endpoint, Interface iface) {
    return with(
        new NetkitPair(
            near(desired, endpoint, iface),
            alias(desired, endpoint, iface),
            NetnsRef.named(endpoint.netns()),
            far(desired, endpoint, iface),
            true),
        neighbours(desired, endpoint, iface));
  }

  /** The pair alone, with its far end, of the endpoint's MAC, as {@code name} in {@code netns}. */
  public static VethPair pairTo(
      NetnsRef netns, String name, DesiredState desired, Endpoint endpoint, Interface iface) {
    LinkPair.End far = far(desired, endpoint, iface);
    return new VethPair(
        near(desired, endpoint, iface),
        Optional.empty(),
        false,
        alias(desired, endpoint, iface),
        netns,
        new LinkPair.End(name, far.mac(), far.mtu(), far.up()));
  }

  private static List<KernelObject> with(KernelObject pair, Set<KernelObject> neighbours) {
    List<KernelObject> out = new ArrayList<>();
    out.add(pair);
    out.addAll(neighbours);
    return out;
  }

  private static LinkPair.End near(DesiredState desired, Endpoint endpoint, Interface iface) {
    Topology topology = desired.topology();
    MacAddress mac =
        MacAddress.derive(
            desired.node().machineId(), topology.name(), "port", endpoint.name(), iface.name());
    int mtu = topology.network(iface.network()).mtu();
    return new LinkPair.End(link(topology, endpoint, iface), mac, mtu, true);
  }

  private static LinkPair.End far(DesiredState desired, Endpoint endpoint, Interface iface) {
    int mtu = desired.topology().network(iface.network()).mtu();
    return new LinkPair.End(iface.name(), desired.mac(endpoint, iface), mtu, true);
  }

  private static String alias(DesiredState desired, Endpoint endpoint, Interface iface) {
    return "sluice " + desired.topology().name() + "/" + endpoint.name() + "/" + iface.name();
  }

  /**
   * The gateway and the endpoint know each other without asking, but where the gateway is a router
   * on the wire. Permanent entries do not count against the kernel's gc_thresh3, which is 1024 for
   * the whole machine, all namespaces together: a thousand endpoints would fill it with their
   * gateways alone.
   */
  public static Set<KernelObject> neighbours(
      DesiredState desired, Endpoint endpoint, Interface iface) {
    Topology topology = desired.topology();
    Network network = topology.network(iface.network());
    NetnsRef netns = NetnsRef.named(endpoint.netns());
    Set<KernelObject> out = new LinkedHashSet<>();
    if (!network.gatewayOnNode()) {
      return out;
    }
    for (IpAddress ip : iface.addresses()) {
      out.add(
          new Neighbour(
              NetnsRef.NODE,
              GatewayRender.link(topology, network.name()),
              ip,
              desired.mac(endpoint, iface)));
      out.add(
          new Neighbour(
              netns,
              iface.name(),
              network.subnetOf(ip).gateway(),
              GatewayRender.mac(desired, network.name())));
    }
    return out;
  }
}
