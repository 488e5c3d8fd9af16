package dev.sluice.core.datapath;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Neighbour;
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
 * An endpoint's interface where it is a veth pair: its near end is in the node. The same on every
 * datapath that has such pairs, but for what the near end is a port of.
 */
public final class PortRender {

  private PortRender() {}

  /** The name of the near end. */
  public static String link(Topology topology, Endpoint endpoint, Interface iface) {
    return Derived.linkName(
        "sv", endpoint.name(), topology.name(), "endpoint", endpoint.name(), iface.name());
  }

  /**
   * The pair, and what the endpoint and its gateway know of each other.
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
    Topology topology = desired.topology();
    int mtu = topology.network(iface.network()).mtu();
    String name = link(topology, endpoint, iface);
    MacAddress far = desired.mac(endpoint, iface);
    MacAddress near =
        MacAddress.derive(
            desired.node().machineId(), topology.name(), "port", endpoint.name(), iface.name());
    String alias = "sluice " + topology.name() + "/" + endpoint.name() + "/" + iface.name();
    List<KernelObject> out = new ArrayList<>();
    out.add(
        new VethPair(
            new VethPair.End(name, near, mtu, true),
            master,
            hairpin,
            alias,
            NetnsRef.named(endpoint.netns()),
            new VethPair.End(iface.name(), far, mtu, true)));
    out.addAll(neighbours(desired, endpoint, iface));
    return out;
  }

  /**
   * The gateway and the endpoint know each other without asking. Permanent entries do not count
   * against the kernel's gc_thresh3, which is 1024 for the whole machine, all namespaces together:
   * a thousand endpoints would fill it with their gateways alone.
   */
  public static Set<KernelObject> neighbours(
      DesiredState desired, Endpoint endpoint, Interface iface) {
    Topology topology = desired.topology();
    Network network = topology.network(iface.network());
    NetnsRef netns = NetnsRef.named(endpoint.netns());
    Set<KernelObject> out = new LinkedHashSet<>();
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
