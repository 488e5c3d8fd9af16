package dev.sluice.bench;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.OptionalInt;

/**
 * The two endpoints of a topology that traffic is measured between.
 *
 * @param clientLink the client's interface on the way to the server
 * @param tcpPort where the server listens, on every candidate; 0: where the kernel chooses, as no
 *     policy forbids any
 * @param udpPort the same for UDP; empty: policy lets none pass
 * @param routed whether the way leads through gateways
 * @param mtu of the path, in bytes
 */
record Pair(
    Endpoint client,
    String clientLink,
    IpAddress clientAddress,
    Endpoint server,
    IpAddress serverAddress,
    int tcpPort,
    OptionalInt udpPort,
    int mtu,
    boolean routed) {

  /**
   * The first two endpoints in different networks, so that the gateways are part of the path, or
   * else the first two; of those that policy lets connect.
   *
   * @throws dev.sluice.core.error.SluiceException if there are none
   */
  static Pair of(Topology topology) {
    return new PairChoice(topology).choose();
  }

  /** The same, with the server at those ports. */
  Pair at(int tcp, OptionalInt udp) {
    return new Pair(
        client, clientLink, clientAddress, server, serverAddress, tcp, udp, mtu, routed);
  }
}
