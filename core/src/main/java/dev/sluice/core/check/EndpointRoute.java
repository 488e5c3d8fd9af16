package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.Optional;

/**
 * The way that an endpoint sends to an address: an interface with an address in the destination's
 * subnet, or else the gateway of the endpoint's first interface that has that family.
 *
 * @param source the address that the kernel chooses for it
 * @param subnet the one that {@code source} is in
 * @param onLink whether the destination is in that subnet too, so that no gateway is asked
 */
public record EndpointRoute(Interface iface, IpAddress source, Subnet subnet, boolean onLink) {

  /** Empty if the endpoint has no address of the destination's family. */
  public static Optional<EndpointRoute> find(
      Topology topology, Endpoint endpoint, IpAddress destination) {
    Optional<EndpointRoute> first = Optional.empty();
    for (Interface iface : endpoint.interfaces()) {
      for (IpAddress address : iface.addresses()) {
        if (address.isV6() == destination.isV6()) {
          Subnet subnet = topology.network(iface.network()).subnetOf(address);
          if (subnet.cidr().contains(destination)) {
            return Optional.of(new EndpointRoute(iface, address, subnet, true));
          }
          if (first.isEmpty()) {
            first = Optional.of(new EndpointRoute(iface, address, subnet, false));
          }
        }
      }
    }
    return first;
  }
}
