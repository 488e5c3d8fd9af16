package dev.sluice.bench;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;

/**
 * The two endpoints of a topology that traffic is measured between.
 *
 * @param clientLink the client's interface on the way to the server
 * @param tcpPort where the server listens, on every candidate; 0: where the kernel chooses, as no
 *     policy forbids any
 * @param mtu of the path, in bytes
 */
record Pair(
    Endpoint client,
    String clientLink,
    IpAddress clientAddress,
    Endpoint server,
    IpAddress serverAddress,
    int tcpPort,
    int mtu) {

  /**
   * The first two endpoints in different networks, so that the gateways are part of the path, or
   * else the first two; of those that policy lets connect.
   *
   * @throws dev.sluice.core.error.SluiceException if there are none
   */
  static Pair of(Topology topology) {
    return new PairChoice(topology).choose();
  }

  /** The same, with the server at that port. */
  Pair at(int port) {
    return new Pair(client, clientLink, clientAddress, server, serverAddress, port, mtu);
  }
}
