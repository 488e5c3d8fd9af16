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
import java.util.Arrays;
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
  private final Map<String, Member> members = new LinkedHashMap<>();
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
    List<String> both = number(topology, next);
    both.forEach(name -> members.put(name, new Member(name)));
    compare(resolution.changed());
  }

  /** From {@code topology} to {@code next}, in an order that depends on nothing else. */
  public static List<VerdictChange> between(Topology topology, Topology next) {
    return new VerdictChanges(topology, next).pairs.grouped();
  }

  /** An endpoint of both topologies, with what it sends and hears, by point. */
  private final class Member {

    private final String name;
    private final End end;
    private final int[] own;
    private final int[] sentThen;
    private final int[] sentNow;
    private final int[] heardThen;
    private final int[] heardNow;

    private Member(String name) {
      this.name = name;
      this.end = new End(members.size(), name);
      this.own = points.of(name).stream().mapToInt(Integer::intValue).toArray();
      this.sentThen = points.allowed(before.side(name, Direction.EGRESS));
      this.sentNow = points.allowed(after.side(name, Direction.EGRESS));
      this.heardThen = points.allowed(before.side(name, Direction.INGRESS));
      this.heardNow = points.allowed(after.side(name, Direction.INGRESS));
    }

    private End at(int point) {
      return new End(end.rank(), name + " " + points.address(point));
    }

    private boolean has(boolean v4) {
      return Arrays.stream(own).anyMatch(point -> points.address(point).isV4() == v4);
    }
  }

  /** Numbers the points; returns the names of the endpoints of both. */
  private List<String> number(Topology topology, Topology next) {
    Map<String, Set<IpAddress>> old = new HashMap<>();
    topology.endpoints().forEach(e -> old.put(e.name(), addresses(e)));
    List<String> both = new ArrayList<>();
    for (Endpoint endpoint : next.endpoints()) {
      Set<IpAddress> common = addresses(endpoint);
      common.retainAll(old.getOrDefault(endpoint.name(), Set.of()));
      if (!common.isEmpty()) {
        both.add(endpoint.name());
        points.add(endpoint.name(), common);
      }
    }
    next.networks().stream()
        .flatMap(n -> n.subnets().stream())
        .filter(Subnet::onNode)
        .forEach(s -> gateways.add(points.add(s.gateway())));
    return both;
  }

  private static Set<IpAddress> addresses(Endpoint endpoint) {
    Set<IpAddress> out = new LinkedHashSet<>();
    endpoint.interfaces().forEach(iface -> out.addAll(iface.addresses()));
    return out;
  }

  private void compare(Set<SideId> changed) {
    Set<Member> send = changed(changed, Direction.EGRESS);
    Set<Member> hear = changed(changed, Direction.INGRESS);
    for (Member source : send) {
      members.values().forEach(destination -> between(source, destination));
      toNode(source);
      outside(source, Direction.EGRESS);
    }
    for (Member destination : hear) {
      members.values().stream()
          .filter(source -> !send.contains(source))
          .forEach(source -> between(source, destination));
      outside(destination, Direction.INGRESS);
    }
  }

  private Set<Member> changed(Set<SideId> sides, Direction direction) {
    return sides.stream()
        .filter(side -> side.direction() == direction)
        .filter(side -> members.containsKey(side.endpoint()))
        .map(side -> members.get(side.endpoint()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private void between(Member source, Member destination) {
    if (source.name.equals(destination.name)) {
      return;
    }
    Alike alike = new Alike();
    each(source, destination, (from, to, change) -> alike.add(change));
    if (alike.differ) {
      each(
          source,
          destination,
          (from, to, change) -> add(source.at(from), destination.at(to), change));
    } else {
      add(source.end, destination.end, alike.change);
    }
  }

  private void each(Member source, Member destination, Sink sink) {
    for (int from : source.own) {
      for (int to : destination.own) {
        if (points.address(from).isV4() == points.address(to).isV4()) {
          int then = ports.intersection(source.sentThen[to], destination.heardThen[from]);
          int now = ports.intersection(source.sentNow[to], destination.heardNow[from]);
          sink.change(from, to, change(then, now));
        }
      }
    }
  }

  /** Port sets that begin and that cease to pass. */
  private record Change(int starts, int stops) {
    private static final Change NONE = new Change(PortSets.NONE, PortSets.NONE);
  }

  private Change change(int then, int now) {
    return then == now ? Change.NONE : new Change(ports.minus(now, then), ports.minus(then, now));
  }

  /** Receives what changes between two points. */
  private interface Sink {
    void change(int from, int to, Change change);
  }

  /** Whether all that is added is the same. */
  private static final class Alike {
    private boolean first = true;
    private boolean differ;
    private Change change = Change.NONE;

    private void add(Change other) {
      differ |= !first && !change.equals(other);
      change = other;
      first = false;
    }
  }

  /** The node hears what an endpoint may send, and is always heard. */
  private void toNode(Member source) {
    List<Integer> reached =
        gateways.stream().filter(g -> source.has(points.address(g).isV4())).toList();
    Alike alike = new Alike();
    reached.forEach(to -> alike.add(change(source.sentThen[to], source.sentNow[to])));
    if (alike.differ) {
      for (int to : reached) {
        End node = node(NODE + " " + points.address(to));
        add(source.end, node, change(source.sentThen[to], source.sentNow[to]));
      }
    } else {
      add(source.end, node(NODE), alike.change);
    }
  }

  private End node(String name) {
    return new End(members.size(), name);
  }

  private void outside(Member member, Direction direction) {
    Side then = before.side(member.name, direction);
    Side now = after.side(member.name, direction);
    for (Outside outside : OutsideBlocks.of(List.of(then, now), subnets)) {
      if (member.has(outside.block().isV4())) {
        Change change = change(allowed(then, outside.address()), allowed(now, outside.address()));
        End other = new End(members.size() + 1, outside.block().toString());
        boolean sends = direction == Direction.EGRESS;
        add(sends ? member.end : other, sends ? other : member.end, change);
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

  private void add(End source, End destination, Change change) {
    pairs.add(source, destination, true, ports.get(change.starts()));
    pairs.add(source, destination, false, ports.get(change.stops()));
  }
}
