package dev.sluice.core.datapath;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A port of the node that leads to an endpoint, in one IP family.
 *
 * @param network that the address is in
 * @param address the endpoint's: the first of the family that it has
 * @param port with the node's port declared
 */
public record PublishedPort(Endpoint endpoint, Network network, IpAddress address, Port port) {

  /** Those of a topology, in the order of its file. */
  public static List<PublishedPort> of(Topology topology) {
    List<PublishedPort> out = new ArrayList<>();
    for (Endpoint endpoint : topology.endpoints()) {
      for (Port port : endpoint.ports()) {
        if (port.publish().isPresent()) {
          first(topology, endpoint, port, true).ifPresent(out::add);
          first(topology, endpoint, port, false).ifPresent(out::add);
        }
      }
    }
    return out;
  }

  private static Optional<PublishedPort> first(
      Topology topology, Endpoint endpoint, Port port, boolean v4) {
    for (Interface iface : endpoint.interfaces()) {
      for (IpAddress ip : iface.addresses()) {
        if (ip.isV4() == v4) {
          Network network = topology.network(iface.network());
          return Optional.of(new PublishedPort(endpoint, network, ip, port));
        }
      }
    }
    return Optional.empty();
  }

  /** The addresses, of the same family, that the endpoint may reach itself from. */
  public List<IpAddress> own() {
    return endpoint.interfaces().stream()
        .flatMap(i -> i.addresses().stream())
        .filter(ip -> ip.isV4() == address.isV4())
        .toList();
  }

  /** The node's address in the subnet of the endpoint's. */
  public IpAddress gateway() {
    return network.subnetOf(address).gateway();
  }
}
