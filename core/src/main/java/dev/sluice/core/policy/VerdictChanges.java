package dev.sluice.core.policy;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.ChangedPairs.End;
import dev.sluice.core.policy.OutsideBlocks.Outside;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What policy lets through in one topology and not in the other, exactly: between the endpoints
 * that both have (at the addresses that both have), from them to the node, and between them and
 * whoever is outside. What the tables say is compared, which say what the reference evaluator says;
 * only where a side has changed is anything looked at. Pure.
 */
public final class VerdictChanges {

  /** How the node is called. */
  public static final String NODE = "node";

  private final PortSets ports = new PortSets();
  private final PeerPoints points = new PeerPoints(ports);
  private final ChangedPairs pairs = new ChangedPairs();
  private final Map<String, End> endpoints = new LinkedHashMap<>();
  private final List<Integer> gateways = new ArrayList<>();
  private final List<Cidr> subnets;
  private final PolicyTable before;
  private final PolicyTable after;

  private VerdictChanges(Topology topology, Topology next) {
    PolicyResolver resolver = new PolicyResolver();
    this.before = resolver.next(topology).table();
    Resolution resolution = resolver.next(next);
    this.after = resolution.table();
    this.subnets =
        next.networks().stream()
            .filter(n -> n.parent().isEmpty())
            .flatMap(n -> n.subnets().stream())
            .map(Subnet::cidr)
            .toList();
    number(topology, next);
    compare(resolution.changed());
  }

  /** From {@code topology} to {@code next}, in an order that depends on nothing else. */
  public static List<VerdictChange> between(Topology topology, Topology next) {
    return new VerdictChanges(topology, next).pairs.grouped();
  }

  private void number(Topology topology, Topology next) {
    Map<String, Set<IpAddress>> old = new HashMap<>();
    topology.endpoints().forEach(e -> old.put(e.name(), addresses(e)));
    for (Endpoint endpoint : next.endpoints()) {
      Set<IpAddress> common = addresses(endpoint);
      common.retainAll(old.getOrDefault(endpoint.name(), Set.of()));
      if (!common.isEmpty()) {
        endpoints.put(endpoint.name(), new End(endpoints.size(), endpoint.name()));
        points.add(endpoint.name(), common);
      }
    }
    next.networks().stream()
        .flatMap(n -> n.subnets().stream())
        .filter(Subnet::onNode)
        .forEach(s -> gateways.add(points.add(s.gateway())));
  }

  private static Set<IpAddress> addresses(Endpoint endpoint) {
    Set<IpAddress> out = new LinkedHashSet<>();
    endpoint.interfaces().forEach(iface -> out.addAll(iface.addresses()));
    return out;
  }

  private void compare(Set<SideId> changed) {
    Set<String> send = changed(changed, Direction.EGRESS);
    Set<String> hear = changed(changed, Direction.INGRESS);
    for (String source : send) {
      endpoints.keySet().forEach(destination -> between(source, destination));
      toNode(source);
      outside(source, Direction.EGRESS);
    }
    for (String destination : hear) {
      endpoints.keySet().stream()
          .filter(source -> !send.contains(source))
          .forEach(source -> between(source, destination));
      outside(destination, Direction.INGRESS);
    }
  }

  private Set<String> changed(Set<SideId> sides, Direction direction) {
    return sides.stream()
        .filter(side -> side.direction() == direction)
        .map(SideId::endpoint)
        .filter(endpoints::containsKey)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void between(String source, String destination) {
    if (source.equals(destination)) {
      return;
    }
    Passing passing = new Passing(source, destination);
    Alike alike = new Alike();
    passing.each((from, to, then, now) -> alike.add(then, now));
    if (alike.differ()) {
      passing.each((from, to, then, now) -> add(at(source, from), at(destination, to), then, now));
    } else {
      add(endpoints.get(source), endpoints.get(destination), alike.then, alike.now);
    }
  }

  /** Receives what passes between two points before and after. */
  private interface Sink {
    void pair(int from, int to, int then, int now);
  }

  /** Whether all that is added is the same; nothing at all is no change. */
  private static final class Alike {
    private int count;
    private int then = PortSets.NONE;
    private int now = PortSets.NONE;
    private boolean differ;

    private void add(int before, int after) {
      differ |= count > 0 && (then != before || now != after);
      then = before;
      now = after;
      count++;
    }

    private boolean differ() {
      return differ;
    }
  }

  /** What passes from one endpoint to another. */
  private final class Passing {

    private final List<Integer> sources;
    private final List<Integer> destinations;
    private final int[] sentThen;
    private final int[] sentNow;
    private final int[] heardThen;
    private final int[] heardNow;

    private Passing(String source, String destination) {
      sources = points.of(source);
      destinations = points.of(destination);
      sentThen = points.allowed(before.side(source, Direction.EGRESS));
      sentNow = points.allowed(after.side(source, Direction.EGRESS));
      heardThen = points.allowed(before.side(destination, Direction.INGRESS));
      heardNow = points.allowed(after.side(destination, Direction.INGRESS));
    }

    private void each(Sink sink) {
      for (int from : sources) {
        for (int to : destinations) {
          if (sameFamily(from, to)) {
            sink.pair(
                from,
                to,
                ports.intersection(sentThen[to], heardThen[from]),
                ports.intersection(sentNow[to], heardNow[from]));
          }
        }
      }
    }
  }

  /** The node hears what an endpoint may send, and is always heard. */
  private void toNode(String source) {
    int[] then = points.allowed(before.side(source, Direction.EGRESS));
    int[] now = points.allowed(after.side(source, Direction.EGRESS));
    List<Integer> reached =
        gateways.stream()
            .filter(g -> points.of(source).stream().anyMatch(from -> sameFamily(from, g)))
            .toList();
    Alike alike = new Alike();
    reached.forEach(gateway -> alike.add(then[gateway], now[gateway]));
    if (alike.differ()) {
      for (int gateway : reached) {
        String name = NODE + " " + points.address(gateway);
        add(endpoints.get(source), node(name), then[gateway], now[gateway]);
      }
    } else {
      add(endpoints.get(source), node(NODE), alike.then, alike.now);
    }
  }

  private End node(String name) {
    return new End(endpoints.size(), name);
  }

  private void outside(String endpoint, Direction direction) {
    Side old = before.side(endpoint, direction);
    Side now = after.side(endpoint, direction);
    for (Outside outside : OutsideBlocks.of(List.of(old, now), subnets)) {
      boolean v4 = outside.block().isV4();
      if (points.of(endpoint).stream().anyMatch(p -> points.address(p).isV4() == v4)) {
        int then = allowed(old, outside.address());
        int later = allowed(now, outside.address());
        End own = endpoints.get(endpoint);
        End other = new End(endpoints.size() + 1, outside.block().toString());
        boolean sends = direction == Direction.EGRESS;
        add(sends ? own : other, sends ? other : own, then, later);
      }
    }
  }

  private int allowed(Side side, IpAddress outsider) {
    if (!side.isIsolated()) {
      return PortSets.ALL;
    }
    int out = PortSets.NONE;
    for (Side.Entry entry : side.entries()) {
      if (TableVerdict.means(entry.peers(), new Flow.Party.Outside(outsider))) {
        out = ports.union(out, ports.of(entry.ports()));
      }
    }
    return out;
  }

  private void add(End source, End destination, int then, int now) {
    if (then != now) {
      pairs.add(source, destination, true, ports.get(ports.minus(now, then)));
      pairs.add(source, destination, false, ports.get(ports.minus(then, now)));
    }
  }

  private boolean sameFamily(int a, int b) {
    return points.address(a).isV4() == points.address(b).isV4();
  }

  private End at(String name, int point) {
    return new End(endpoints.get(name).rank(), name + " " + points.address(point));
  }
}
