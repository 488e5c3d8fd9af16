package dev.sluice.bpf.render;

import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.policy.Side;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Port;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The maps that policy is asked in: {@code peers}, {@code ports} and {@code rules}. The tables of a
 * side keep their number when its rules change: each peer goes over to what is new by one value,
 * and is allowed what it was or what it is to be at any moment.
 */
public final class PolicyMaps {

  private final Map<Direction, Map<String, SideTables>> sides = new EnumMap<>(Direction.class);

  /** Endpoints of the same policies differ where a named port is another number at each. */
  private record Judged(Side side, List<Port> named) {}

  private static List<Port> named(Endpoint endpoint, Direction direction) {
    return direction == Direction.EGRESS
        ? List.of()
        : endpoint.ports().stream()
            .filter(port -> port.name().isPresent())
            .sorted(Comparator.comparing(port -> port.name().orElseThrow() + port))
            .toList();
  }

  public PolicyMaps(DesiredState desired) {
    Map<String, Endpoint> endpoints = new HashMap<>();
    desired.topology().endpoints().forEach(e -> endpoints.put(e.name(), e));
    for (Direction direction : Direction.values()) {
      Map<Judged, SideTables> tables = new HashMap<>();
      Map<String, SideTables> byEndpoint = new HashMap<>();
      for (Endpoint endpoint : desired.topology().endpoints()) {
        Side side = desired.policies().side(endpoint.name(), direction);
        if (side.isIsolated()) {
          byEndpoint.put(
              endpoint.name(),
              tables.computeIfAbsent(
                  new Judged(side, named(endpoint, direction)),
                  judged ->
                      new SideTables(
                          Ids.u64(
                              "side",
                              direction.name(),
                              side.isolatedBy().toString(),
                              judged.named.toString()),
                          side,
                          name -> desired.addresses(endpoints.get(name)))));
        }
      }
      sides.put(direction, byEndpoint);
    }
  }

  /** The number of the side that an endpoint is judged by; 0 where no policy isolates it. */
  public long id(Endpoint endpoint, Direction direction) {
    return find(endpoint.name(), direction).map(SideTables::id).orElse(0L);
  }

  /** A number of all that it allows; 0 where no policy isolates it. */
  long content(Endpoint endpoint, Direction direction) {
    return find(endpoint.name(), direction).map(SideTables::content).orElse(0L);
  }

  public Optional<SideTables> find(String endpoint, Direction direction) {
    return Optional.ofNullable(sides.get(direction).get(endpoint));
  }

  /** The number by which what a rule lets through is counted. */
  static long id(RuleId rule) {
    return Ids.u64("rule", rule.toString());
  }

  public List<MapContent> maps() {
    SortedMap<MapValue, MapValue> peers = new TreeMap<>();
    SortedMap<MapValue, MapValue> ports = new TreeMap<>();
    Set<MapValue> rules = new TreeSet<>();
    for (Map<String, SideTables> some : sides.values()) {
      for (SideTables tables : Set.copyOf(some.values())) {
        peers.putAll(tables.peers());
        ports.putAll(tables.ports());
        rules.add(Bytes.u64Of(tables.id()));
        tables.rules().forEach(rule -> rules.add(Bytes.u64Of(rule)));
      }
    }
    return List.of(
        MapContent.counters("rules", Sizes.of(rules.size()), rules),
        MapContent.exact("ports", Sizes.of(ports.size()), ports),
        MapContent.exact("peers", Sizes.of(peers.size()), peers));
  }
}
