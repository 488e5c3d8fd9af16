package dev.sluice.bench.wire;

import dev.sluice.bench.wire.EndSpec.Host;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.ConnectPorts;
import dev.sluice.core.check.EndpointPairs;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.PolicyEvaluator;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.TopologyReader;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A topology taken apart for two hosts: one endpoint, the server, is the other host's, all others
 * of its network are this one's. To either host the other's endpoints are hosts of the wire, whom
 * policy knows by address alone. Pure.
 *
 * @param client the endpoint that traffic starts at
 * @param tcpPort where the server listens for TCP; 0: where the kernel chooses, as no policy
 *     forbids any
 * @param udpPort the same for UDP; empty: policy leaves none open
 */
public record WirePair(
    String client,
    IpAddress clientAddress,
    String server,
    IpAddress serverAddress,
    int tcpPort,
    OptionalInt udpPort,
    EndSpec near,
    EndSpec far) {

  /** Stands for whatever device an end has, where only policy is asked. */
  private static final String ANY_PARENT = "parent";

  private static final String ANY_NAME = "end";

  /**
   * Takes the network that has a {@code parent}, or else the first, and of its endpoints the first
   * two of which one may connect to the other on both hosts.
   *
   * @param policies the documents of the topology's file beside the topology
   * @throws SluiceException if there are no such two
   */
  public static WirePair of(Topology topology, String policies) {
    Network network = network(topology);
    List<Side> hosts =
        topology.endpoints().stream()
            .flatMap(
                e ->
                    e.interfaces().stream()
                        .filter(i -> i.network().equals(network.name()))
                        .limit(1)
                        .map(i -> new Side(e, i)))
            .toList();
    return hosts.stream()
        .flatMap(
            client -> hosts.stream().filter(s -> !s.equals(client)).map(s -> List.of(client, s)))
        .flatMap(two -> between(topology, network, policies, hosts, two.get(0), two.get(1)))
        .findFirst()
        .orElseThrow(() -> nothing(topology, network, hosts.size()));
  }

  private static SluiceException nothing(Topology topology, Network network, int endpoints) {
    return new SluiceException(
        Category.USER,
        (endpoints > 1 && !topology.policies().isEmpty()
                ? "%s: no two endpoints of the network %s may connect by TCP when they are on two"
                    + " hosts: there is nothing to measure. Over a wire a policy knows the other one"
                    + " by ipBlock alone, not by a selector"
                : "%s: the network %s has no two endpoints with addresses in one subnet: there is"
                    + " nothing to measure")
            .formatted(topology.name(), network.name()));
  }

  private static Network network(Topology topology) {
    return topology.networks().stream()
        .filter(n -> n.parent().isPresent())
        .findFirst()
        .orElse(topology.networks().get(0));
  }

  private record Side(Endpoint endpoint, Interface iface) {
    Host host() {
      return Host.of(endpoint, iface);
    }
  }

  private static Stream<WirePair> between(
      Topology topology,
      Network network,
      String policies,
      List<Side> hosts,
      Side client,
      Side server) {
    EndSpec near =
        EndSpec.of(
            topology,
            network,
            hosts.stream().filter(h -> !h.equals(server)).map(Side::host).toList(),
            policies);
    EndSpec far = EndSpec.of(topology, network, List.of(server.host()), policies);
    return server.iface.addresses().stream()
        .flatMap(
            to ->
                client.iface.addresses().stream()
                    .filter(from -> network.subnetOf(to).cidr().contains(from))
                    .map(from -> new Way(topology, client, from, server, to, near, far)))
        .flatMap(
            way ->
                way.port(Transport.TCP, Tcp.PROTOCOL).stream()
                    .mapToObj(port -> way.with(port, way.port(Transport.UDP, Udp.PROTOCOL))));
  }

  private record Way(
      Topology topology,
      Side client,
      IpAddress from,
      Side server,
      IpAddress to,
      EndSpec near,
      EndSpec far) {

    WirePair with(int tcpPort, OptionalInt udpPort) {
      return new WirePair(
          client.endpoint.name(), from, server.endpoint.name(), to, tcpPort, udpPort, near, far);
    }

    /** One that both hosts let pass; 0: no policy forbids any. */
    OptionalInt port(Transport transport, int protocol) {
      if (topology.policies().isEmpty()) {
        return OptionalInt.of(0);
      }
      OptionalInt port =
          ConnectPorts.of(topology, transport)
              .between(new EndpointPairs.Pair(client.endpoint, server.endpoint), from, to);
      return port.isPresent() && passes(protocol, port) ? port : OptionalInt.empty();
    }

    /** Either host knows the other's endpoint by address alone. */
    private boolean passes(int protocol, OptionalInt port) {
      Party source = new Party.EndpointParty(client.endpoint.name(), from);
      Party destination = new Party.EndpointParty(server.endpoint.name(), to);
      return allows(near, new Flow(source, new Party.Outside(to), protocol, port))
          && allows(far, new Flow(new Party.Outside(from), destination, protocol, port));
    }

    private static boolean allows(EndSpec end, Flow flow) {
      Topology topology = TopologyReader.read(ANY_NAME, end.document(ANY_NAME, ANY_PARENT));
      return PolicyEvaluator.verdict(topology, flow).allows();
    }
  }
}
