package dev.sluice.backend.ebpf;

import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.policy.Side;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The maps that policy is asked in: {@code peers}, {@code ports} and {@code rules}. The tables of a
 * side are kept under a number that is made of all that is in them; a side that changes is written
 * beside the old one, and whoever it is of goes over to it by one value.
 */
final class PolicyMaps {

  private final Map<Direction, Map<Side, SideTables>> sides = new EnumMap<>(Direction.class);

  PolicyMaps(DesiredState desired) {
    Map<String, Endpoint> endpoints = new HashMap<>();
    desired.topology().endpoints().forEach(e -> endpoints.put(e.name(), e));
    for (Direction direction : Direction.values()) {
      Map<Side, SideTables> tables = new HashMap<>();
      for (Side side : desired.policies().isolated(direction).values()) {
        tables.computeIfAbsent(
            side,
            s -> new SideTables(direction, s, name -> desired.addresses(endpoints.get(name))));
      }
      sides.put(direction, tables);
    }
  }

  /** The number of a side; 0 where it does not isolate. */
  long id(Direction direction, Side side) {
    return side.isIsolated() ? sides.get(direction).get(side).id() : 0;
  }

  /** The number by which what a rule lets through is counted. */
  static long id(RuleId rule) {
    return Ids.u64("rule", rule.toString());
  }

  List<MapContent> maps() {
    SortedMap<MapValue, MapValue> peers = new TreeMap<>();
    SortedMap<MapValue, MapValue> ports = new TreeMap<>();
    List<MapValue> rules = new ArrayList<>();
    for (Map<Side, SideTables> some : sides.values()) {
      for (SideTables tables : some.values()) {
        peers.putAll(tables.peers());
        ports.putAll(tables.ports());
        rules.add(Bytes.u64Of(tables.id()));
        tables.rules().forEach(rule -> rules.add(Bytes.u64Of(id(rule))));
      }
    }
    int counted = new TreeSet<>(rules).size();
    return List.of(
        MapContent.counters("rules", Sizes.of(counted), rules),
        MapContent.exact("ports", Sizes.of(ports.size()), ports),
        MapContent.exact("peers", Sizes.of(peers.size()), peers));
  }
}
