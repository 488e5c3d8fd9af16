package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.EndpointPairs.Pair;
import dev.sluice.core.check.Probe.Kind;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.check.ProbePorts.ProbePort;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The probes that a topology calls for: between its endpoints, each to itself, to its gateways,
 * from the node to each, and whole packets of the path's MTU. Where the sender has no address of
 * the destination's family, or the way leads through a router that is not the node, nothing is
 * promised and nothing is probed. Pure.
 *
 * <p>Where there are policies, SCTP is probed too, and from endpoint to endpoint and to gateways
 * the ports of {@link ProbePorts}.
 */
public final class Expectations {

  /**
   * The destination port where policy mentions none: discard (RFC 863). Whoever does listen there
   * throws a datagram away.
   */
  public static final int PORT = 9;

  /** SCTP goes the way of UDP where no policy tells them apart. */
  private static final List<Transport> WITHOUT_POLICIES =
      List.of(Transport.TCP, Transport.UDP, Transport.ICMP);

  private final Topology topology;
  private final ProbePorts ports;
  private final List<Transport> transports;
  private final List<Probe> probes = new ArrayList<>();

  private Expectations(Topology topology, ProbePorts ports) {
    this.topology = topology;
    this.ports = ports;
    this.transports =
        topology.policies().isEmpty() ? WITHOUT_POLICIES : List.of(Transport.values());
  }

  /**
   * Every probe of a topology with what {@code expected} says of it; the same at every call.
   *
   * @param pairs of the same topology: which endpoints probe one another
   */
  public static List<Expectation> of(Topology topology, Expected expected, EndpointPairs pairs) {
    Expectations expectations = new Expectations(topology, ProbePorts.of(topology, pairs));
    expectations.collect(pairs);
    return expectations.probes.stream()
        .map(probe -> new Expectation(probe, expected.passes(probe)))
        .toList();
  }

  private void collect(EndpointPairs pairs) {
    topology.endpoints().forEach(this::ownAndGateways);
    pairs.pairs().forEach(this::between);
  }

  private void ownAndGateways(Endpoint endpoint) {
    Place self = Place.endpoint(endpoint.name());
    List<ProbePort> toNode = ports.toNode(endpoint);
    for (Interface iface : endpoint.interfaces()) {
      for (IpAddress address : iface.addresses()) {
        everyTransport(self, self, address, address, Kind.SELF);
        Subnet subnet = topology.network(iface.network()).subnetOf(address);
        if (subnet.onNode()) {
          everyTransport(self, Place.NODE, address, subnet.gateway(), Kind.GATEWAY);
          everyPort(toNode, self, Place.NODE, address, subnet.gateway(), Kind.GATEWAY);
          everyTransport(Place.NODE, self, subnet.gateway(), address, Kind.NODE);
        }
      }
    }
  }

  private void between(Pair pair) {
    List<ProbePort> mentioned = ports.between(pair);
    for (Interface iface : pair.to().interfaces()) {
      for (IpAddress address : iface.addresses()) {
        route(pair, iface, address)
            .ifPresent(route -> along(pair, route, iface, address, mentioned));
      }
    }
  }

  private void along(
      Pair pair,
      EndpointRoute route,
      Interface toInterface,
      IpAddress address,
      List<ProbePort> mentioned) {
    Place from = Place.endpoint(pair.from().name());
    Place to = Place.endpoint(pair.to().name());
    everyTransport(from, to, route.source(), address, Kind.ENDPOINT);
    everyPort(mentioned, from, to, route.source(), address, Kind.ENDPOINT);
    int mtu = Math.min(mtu(route.iface()), mtu(toInterface));
    ProbePort echo = new ProbePort(Transport.ICMP, 0);
    add(from, to, route.source(), address, echo, Kind.MTU, OptionalInt.of(mtu));
  }

  /** The way to one address of the other endpoint, if the node alone connects both ways. */
  private Optional<EndpointRoute> route(Pair pair, Interface toInterface, IpAddress address) {
    Subnet there = topology.network(toInterface.network()).subnetOf(address);
    return EndpointRoute.find(topology, pair.from(), address)
        .filter(out -> out.onLink() || (out.subnet().onNode() && there.onNode()))
        .filter(out -> returns(pair.to(), out));
  }

  private boolean returns(Endpoint answering, EndpointRoute out) {
    return EndpointRoute.find(topology, answering, out.source())
        .filter(back -> back.onLink() || (back.subnet().onNode() && out.subnet().onNode()))
        .isPresent();
  }

  private int mtu(Interface iface) {
    return topology.network(iface.network()).mtu();
  }

  private void everyTransport(
      Place from, Place to, IpAddress source, IpAddress destination, Kind kind) {
    for (Transport transport : transports) {
      int port = transport == Transport.ICMP ? 0 : PORT;
      add(from, to, source, destination, new ProbePort(transport, port), kind, OptionalInt.empty());
    }
  }

  private void everyPort(
      List<ProbePort> mentioned,
      Place from,
      Place to,
      IpAddress source,
      IpAddress destination,
      Kind kind) {
    for (ProbePort port : mentioned) {
      if (port.port() != PORT) {
        add(from, to, source, destination, port, kind, OptionalInt.empty());
      }
    }
  }

  private void add(
      Place from,
      Place to,
      IpAddress source,
      IpAddress destination,
      ProbePort port,
      Kind kind,
      OptionalInt size) {
    probes.add(new Probe(from, to, source, destination, port.transport(), port.port(), kind, size));
  }
}
