package dev.sluice.core.policy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;

/** Random flows between the ends that a topology has, and others; both ends of one family. */
final class RandomFlow {

  private static final List<Integer> WITH_PORTS = List.of(6, 6, 17, 132);
  private static final List<Integer> WITHOUT_PORTS = List.of(1, 58, 47);
  private static final List<Integer> PORTS =
      List.of(1, 2, 79, 80, 81, 442, 443, 8080, 8081, 65534, 65535);

  private RandomFlow() {}

  static Flow of(Topology topology, Random random) {
    boolean v4 = random.nextBoolean();
    boolean ports = random.nextInt(6) != 0;
    return new Flow(
        party(topology, v4, random),
        party(topology, v4, random),
        oneOf(ports ? WITH_PORTS : WITHOUT_PORTS, random),
        ports ? OptionalInt.of(oneOf(PORTS, random)) : OptionalInt.empty());
  }

  /** All addresses of an endpoint, a link-local one included. */
  static List<IpAddress> addresses(Topology topology, String name) {
    Endpoint endpoint =
        topology.endpoints().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
    List<IpAddress> out = new ArrayList<>();
    endpoint.interfaces().forEach(link -> out.addAll(link.addresses()));
    out.add(IpAddress.linkLocal(MacAddress.derive("machine", "random", "endpoint", name, "eth0")));
    return out;
  }

  private static Party party(Topology topology, boolean v4, Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new Party.NodeParty(IpAddress.parse(v4 ? "10.0.0.254" : "fd00::fe"));
      case 1 -> new Party.Outside(IpAddress.parse(v4 ? "192.0.2.7" : "2001:db8::7"));
      case 2 -> new Party.Outside(IpAddress.parse(v4 ? "203.0.113.7" : "2001:db9::7"));
      default -> {
        Endpoint endpoint = oneOf(topology.endpoints(), random);
        List<IpAddress> own =
            addresses(topology, endpoint.name()).stream().filter(ip -> ip.isV4() == v4).toList();
        yield new Party.EndpointParty(endpoint.name(), oneOf(own, random));
      }
    };
  }

  private static <T> T oneOf(List<T> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
