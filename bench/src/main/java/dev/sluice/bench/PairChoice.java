package dev.sluice.bench;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.ConnectPorts;
import dev.sluice.core.check.EndpointPairs;
import dev.sluice.core.check.EndpointRoute;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.PolicyEvaluator;
import dev.sluice.core.policy.PolicyId;
import dev.sluice.core.policy.Verdict;
import dev.sluice.core.policy.Verdict.Decision;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Chooses what a topology is measured between. */
final class PairChoice {

  private final Topology topology;
  private final ConnectPorts ports;
  private final ConnectPorts udpPorts;

  PairChoice(Topology topology) {
    this.topology = topology;
    this.ports = ConnectPorts.of(topology, Transport.TCP);
    this.udpPorts = ConnectPorts.of(topology, Transport.UDP);
  }

  Pair choose() {
    return connected()
        .flatMap(pair -> allowed(pair).stream())
        .findFirst()
        .orElseThrow(() -> connected().findFirst().map(this::denied).orElseGet(this::unconnected));
  }

  /** All pairs of addresses that there is a way between, those in different networks first. */
  private Stream<Pair> connected() {
    return Stream.of(true, false)
        .flatMap(
            routed ->
                topology.endpoints().stream()
                    .flatMap(
                        client ->
                            topology.endpoints().stream()
                                .filter(server -> !client.equals(server))
                                .flatMap(server -> between(client, server, routed))));
  }

  private Stream<Pair> between(Endpoint client, Endpoint server, boolean routed) {
    return server.interfaces().stream()
        .flatMap(
            iface ->
                iface.addresses().stream()
                    .flatMap(
                        to ->
                            EndpointRoute.find(topology, client, to).stream()
                                .filter(way -> way.onLink() != routed)
                                .map(way -> pair(client, way, server, iface, to))));
  }

  private Pair pair(
      Endpoint client, EndpointRoute way, Endpoint server, Interface iface, IpAddress to) {
    int mtu =
        Math.min(
            topology.network(way.iface().network()).mtu(), topology.network(iface.network()).mtu());
    return new Pair(
        client,
        way.iface().name(),
        way.source(),
        server,
        to,
        0,
        OptionalInt.of(0),
        mtu,
        !way.onLink());
  }

  private Optional<Pair> allowed(Pair pair) {
    if (topology.policies().isEmpty()) {
      return Optional.of(pair);
    }
    OptionalInt tcp = between(ports, pair);
    return tcp.isPresent()
        ? Optional.of(pair.at(tcp.getAsInt(), between(udpPorts, pair)))
        : Optional.empty();
  }

  private static OptionalInt between(ConnectPorts ports, Pair pair) {
    return ports.between(
        new EndpointPairs.Pair(pair.client(), pair.server()),
        pair.clientAddress(),
        pair.serverAddress());
  }

  private SluiceException unconnected() {
    return new SluiceException(
        Category.USER,
        topology.name()
            + " has no two endpoints with addresses of one family: there is nothing to measure");
  }

  /** Tells what policy says of {@code pair}, as an example. */
  private SluiceException denied(Pair pair) {
    Flow flow =
        new Flow(
            new Party.EndpointParty(pair.client().name(), pair.clientAddress()),
            new Party.EndpointParty(pair.server().name(), pair.serverAddress()),
            Tcp.PROTOCOL,
            OptionalInt.of(ports.unmentioned()));
    Verdict verdict = PolicyEvaluator.verdict(topology, flow);
    String why =
        Stream.of(
                why(pair.client(), "egress", verdict.egress()),
                why(pair.server(), "ingress", verdict.ingress()))
            .flatMap(Optional::stream)
            .collect(Collectors.joining("; "));
    return new SluiceException(
        Category.USER,
        ("%s: policy lets no endpoint connect to another by TCP, at any port: there is nothing to"
                + " measure. compare needs a client and a server with a TCP port that the client's"
                + " egress and the server's ingress both allow. From %s to %s, for one: %s")
            .formatted(topology.name(), pair.client().name(), pair.server().name(), why));
  }

  private static Optional<String> why(Endpoint endpoint, String direction, Decision decision) {
    return decision instanceof Decision.DefaultDeny deny
        ? Optional.of(
            "%s %s is isolated by %s"
                .formatted(
                    endpoint.name(),
                    direction,
                    deny.isolatedBy().stream()
                        .map(PolicyId::toString)
                        .collect(Collectors.joining(", "))))
        : Optional.empty();
  }
}
