package dev.sluice.core.check;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Established;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Topologies as the reader would give them. */
final class Topologies {

  private Topologies() {}

  static Topology topology(List<Network> networks, Endpoint... endpoints) {
    return new Topology(
        "test",
        "bridge",
        List.of(),
        networks,
        List.of(endpoints),
        List.of(),
        Established.REVOKE,
        List.of());
  }

  /** With the first address of each subnet as its gateway, on the node. */
  static Network network(String name, int mtu, String... cidrs) {
    return network(name, mtu, true, cidrs);
  }

  static Network network(String name, int mtu, boolean onNode, String... cidrs) {
    List<Subnet> subnets =
        Stream.of(cidrs)
            .map(Cidr::parse)
            .map(cidr -> new Subnet(cidr, cidr.address().plus(1), onNode))
            .toList();
    return new Network(
        name, subnets, mtu, false, Optional.empty(), Optional.empty(), Optional.empty());
  }

  static Endpoint endpoint(String name, Interface... interfaces) {
    return new Endpoint(name, "ns-" + name, "default", Map.of(), List.of(interfaces), List.of());
  }

  static Interface iface(String network, String name, String... addresses) {
    return new Interface(
        network,
        name,
        Optional.empty(),
        Stream.of(addresses).map(IpAddress::parse).toList(),
        Optional.empty());
  }

  /** The smallest real one: two endpoints in two subnets, IPv4 and IPv6. */
  static Topology twoSubnets() {
    return topology(
        List.of(
            network("red", 1500, "10.0.1.0/24", "fd00:0:0:1::/64"),
            network("blue", 1500, "10.0.2.0/24", "fd00:0:0:2::/64")),
        endpoint("client", iface("red", "eth0", "10.0.1.2", "fd00:0:0:1::2")),
        endpoint("server", iface("blue", "eth0", "10.0.2.2", "fd00:0:0:2::2")));
  }

  /** {@code count} endpoints, IPv4 and IPv6, in turn in each of {@code networks} networks. */
  static Topology many(int count, int networks) {
    List<Network> nets =
        Stream.iterate(0, i -> i + 1)
            .limit(networks)
            .map(i -> network("n" + i, 1500, "10.9." + i + ".0/24", "fd00:9:0:" + i + "::/64"))
            .toList();
    Endpoint[] endpoints =
        Stream.iterate(0, i -> i + 1)
            .limit(count)
            .map(
                i -> {
                  int host = 2 + i / networks;
                  return endpoint(
                      "e" + i,
                      iface(
                          "n" + i % networks,
                          "eth0",
                          "10.9." + i % networks + "." + host,
                          "fd00:9:0:" + i % networks + "::" + Integer.toHexString(host)));
                })
            .toArray(Endpoint[]::new);
    return topology(nets, endpoints);
  }
}
