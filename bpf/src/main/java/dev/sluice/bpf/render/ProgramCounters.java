package dev.sluice.bpf.render;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kind.PinnedMaps;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.core.datapath.Count;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.node.Node;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.policy.Side;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads what the programs of a topology have counted: the maps {@code drops} and {@code rules}, and
 * those of its deny list.
 */
public final class ProgramCounters {

  private static final int PACKETS = Layout.COUNT.offset("packets", Long.BYTES);
  private static final int BYTES = Layout.COUNT.offset("bytes", Long.BYTES);

  private final DesiredState desired;
  private final PolicyMaps policies;
  private final Map<Counted, Count> out = new LinkedHashMap<>();

  private ProgramCounters(DesiredState desired, PolicyMaps policies) {
    this.desired = desired;
    this.policies = policies;
  }

  /** {@code policies} and {@code object}: what {@code desired} renders to. */
  public static Counts read(
      Node node, DesiredState desired, PolicyMaps policies, BpfObject object) {
    ProgramCounters counters = new ProgramCounters(desired, policies);
    try (Maps maps = Maps.open(node, object, "rules")) {
      if (maps.drops().isEmpty() || maps.rules().isEmpty()) {
        return new Counts(Map.of(), Set.of("BPF object " + object.name()));
      }
      counters.drops(counts(maps.drops().get()));
      counters.rules(counts(maps.rules().get()));
      return new Counts(counters.out, counters.denied(node));
    }
  }

  /** Returns what is missing. */
  private Set<String> denied(Node node) {
    Optional<BpfObject> object = DenyList.object(desired.topology());
    if (object.isEmpty()) {
      return Set.of();
    }
    try (Maps maps = Maps.open(node, object.get(), "denied")) {
      if (maps.drops().isEmpty() || maps.rules().isEmpty()) {
        return Set.of("BPF object " + object.get().name());
      }
      DropReason reason = DropReason.DENIED_SOURCE;
      put(new Counted.Dropped(reason), counts(maps.drops().get()), reason.number());
      Map<Long, Count> counts = counts(maps.rules().get());
      desired
          .topology()
          .denyFrom()
          .forEach(block -> put(new Counted.Denied(block), counts, DenyList.id(block)));
      return Set.of();
    }
  }

  private record Maps(Optional<BpfMap> drops, Optional<BpfMap> rules) implements AutoCloseable {

    static Maps open(Node node, BpfObject object, String rules) {
      return new Maps(
          PinnedMaps.live(node, object.name(), "drops"), PinnedMaps.listed(node, object, rules));
    }

    @Override
    public void close() {
      drops.ifPresent(BpfMap::close);
      rules.ifPresent(BpfMap::close);
    }
  }

  /** The sums over all CPUs. */
  private static Map<Long, Count> counts(BpfMap map) {
    Map<Long, Count> out = new HashMap<>();
    for (BpfMap.Element element : map.dump()) {
      ByteBuffer key = ByteBuffer.wrap(element.key()).order(ByteOrder.nativeOrder());
      ByteBuffer value = ByteBuffer.wrap(element.value()).order(ByteOrder.nativeOrder());
      Count sum = Count.ZERO;
      for (int at = 0; at < value.capacity(); at += Layout.COUNT.size()) {
        sum = sum.plus(new Count(value.getLong(at + PACKETS), value.getLong(at + BYTES)));
      }
      out.put(key.capacity() == Long.BYTES ? key.getLong() : key.getInt(), sum);
    }
    return out;
  }

  /** Denials are told by the sides that deny. */
  private void drops(Map<Long, Count> counts) {
    for (DropReason reason : DropReason.values()) {
      if (reason != DropReason.POLICY && reason != DropReason.DENIED_SOURCE) {
        put(new Counted.Dropped(reason), counts, reason.number());
      }
    }
  }

  private void rules(Map<Long, Count> counts) {
    for (Direction direction : Direction.values()) {
      Map<Side, SortedSet<String>> endpoints = new HashMap<>();
      desired
          .policies()
          .isolated(direction)
          .forEach(
              (endpoint, side) ->
                  endpoints.computeIfAbsent(side, s -> new TreeSet<>()).add(endpoint));
      endpoints.forEach(
          (side, names) -> {
            policies
                .find(names.first(), direction)
                .ifPresent(
                    tables -> put(new Counted.DefaultDeny(direction, names), counts, tables.id()));
            side.entries().stream()
                .map(Side.Entry::rule)
                .distinct()
                .forEach(
                    rule ->
                        out.put(
                            new Counted.Allowed(rule),
                            counts.getOrDefault(PolicyMaps.id(rule), Count.ZERO)));
          });
    }
  }

  private void put(Counted meaning, Map<Long, Count> counts, long key) {
    out.merge(meaning, counts.getOrDefault(key, Count.ZERO), Count::plus);
  }
}
