package dev.sluice.bench;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.EndpointRoute;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import java.util.Optional;

/**
 * The two endpoints of a topology that traffic is measured between: the first two in different
 * networks, so that the gateways are part of the path, or else the first two.
 *
 * @param clientLink the client's interface on the way to the server
 * @param mtu of the path, in bytes
 */
record Pair(
    Endpoint client,
    String clientLink,
    IpAddress clientAddress,
    Endpoint server,
    IpAddress serverAddress,
    int mtu) {

  static Pair of(Topology topology) {
    Optional<Pair> near = Optional.empty();
    for (Endpoint client : topology.endpoints()) {
      for (Endpoint server : topology.endpoints()) {
        if (!client.equals(server)) {
          Optional<Pair> pair = between(topology, client, server, true);
          if (pair.isPresent()) {
            return pair.get();
          }
          near = near.or(() -> between(topology, client, server, false));
        }
      }
    }
    return near.orElseThrow(
        () ->
            new SluiceException(
                Category.USER,
                topology.name()
                    + " has no two endpoints with addresses of one family: there is nothing to"
                    + " measure"));
  }

  private static Optional<Pair> between(
      Topology topology, Endpoint client, Endpoint server, boolean routed) {
    for (Interface iface : server.interfaces()) {
      for (IpAddress to : iface.addresses()) {
        Optional<EndpointRoute> way = EndpointRoute.find(topology, client, to);
        if (way.isPresent() && way.get().onLink() != routed) {
          int mtu =
              Math.min(
                  topology.network(way.get().iface().network()).mtu(),
                  topology.network(iface.network()).mtu());
          return Optional.of(
              new Pair(client, way.get().iface().name(), way.get().source(), server, to, mtu));
        }
      }
    }
    return Optional.empty();
  }
}
