package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.DenyTable;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NatTable;
import dev.sluice.core.datapath.NftCounter;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.policy.Side;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the counters of {@link PolicyFilter}, {@link BridgeGuard}, {@link NatTable} and {@link
 * DenyTable} count.
 */
final class BridgeCounters {

  private final DesiredState desired;
  private final Map<NftCounter, Counted> out = new LinkedHashMap<>();

  private BridgeCounters(DesiredState desired) {
    this.desired = desired;
  }

  static Map<NftCounter, Counted> of(DesiredState desired) {
    BridgeCounters counters = new BridgeCounters(desired);
    PolicyFilter.names(desired).forEach(counters::sides);
    if (!desired.policies().isEmpty()) {
      counters.put(PolicyFilter.UNFOUND, new Counted.Dropped(DropReason.POLICY));
    }
    BridgeGuard.REASONS.forEach(
        reason ->
            counters.put(
                BridgeGuard.FAMILY, BridgeGuard.counter(reason), new Counted.Dropped(reason)));
    counters.out.putAll(NatTable.counters(desired));
    counters.out.putAll(DenyTable.counters(desired));
    return counters.out;
  }

  private void sides(Direction direction, Map<Side, String> names) {
    Map<Side, SortedSet<String>> endpoints = new HashMap<>();
    for (Endpoint endpoint : desired.topology().endpoints()) {
      endpoints
          .computeIfAbsent(
              desired.policies().side(endpoint.name(), direction), s -> new TreeSet<>())
          .add(endpoint.name());
    }
    names.forEach(
        (side, name) -> {
          side.entries().stream()
              .map(Side.Entry::rule)
              .forEach(rule -> put(SideChains.counter(rule), new Counted.Allowed(rule)));
          put(
              SideChains.denyCounter(name),
              new Counted.DefaultDeny(direction, endpoints.get(side)));
        });
  }

  private void put(String counter, Counted meaning) {
    put(PolicyFilter.FAMILY, counter, meaning);
  }

  private void put(String family, String counter, Counted meaning) {
    String table = Derived.TABLE_PREFIX + desired.topology().name();
    out.put(new NftCounter(family, table, counter), meaning);
  }
}
