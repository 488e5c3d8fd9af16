package dev.sluice.core.policy;

import dev.sluice.core.topology.NetworkPolicy.PortMatch;
import dev.sluice.core.topology.NetworkPolicy.PortMatch.Named;
import dev.sluice.core.topology.NetworkPolicy.PortMatch.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which endpoints call which port by which name.
 *
 * @param numbers by name, the endpoints of each number
 */
record NamedPorts(Map<Named, Map<Integer, BitSet>> numbers) {

  private static final Comparator<PortRange> ORDER =
      Comparator.comparing(PortRange::protocol).thenComparingInt(PortRange::from);

  static NamedPorts of(Roster roster) {
    Map<Named, Map<Integer, BitSet>> numbers = new HashMap<>();
    roster
        .present()
        .forEach(
            (who, endpoint) ->
                endpoint
                    .ports()
                    .forEach(
                        port ->
                            port.name()
                                .ifPresent(
                                    name ->
                                        numbers
                                            .computeIfAbsent(
                                                new Named(port.protocol(), name),
                                                n -> new HashMap<>())
                                            .computeIfAbsent(port.port(), p -> new BitSet())
                                            .set(who))));
    return new NamedPorts(numbers);
  }

  static boolean anyIn(List<PortMatch> ports) {
    return ports.stream().anyMatch(Named.class::isInstance);
  }

  /** What {@code ports} says without its names: sorted, disjoint. */
  private static List<PortRange> ranges(List<PortMatch> ports) {
    List<PortRange> out = new ArrayList<>();
    for (PortMatch port : ports) {
      if (port instanceof Range range) {
        out.add(new PortRange(range.protocol(), range.from(), range.to()));
      }
    }
    return disjoint(out);
  }

  /** The same without names, as it would be declared. */
  static List<PortMatch> declared(List<PortRange> ranges) {
    return ranges.stream().<PortMatch>map(r -> new Range(r.protocol(), r.from(), r.to())).toList();
  }

  /** What {@code ports} says at one endpoint; nothing if it has none of their names. */
  List<PortRange> at(int endpoint, List<PortMatch> ports) {
    if (!anyIn(ports)) {
      return ranges(ports);
    }
    BitSet one = new BitSet();
    one.set(endpoint);
    return split(one, ports).keySet().stream().findFirst().orElse(List.of());
  }

  /**
   * What {@code ports} says at each of {@code endpoints}, of which those with the same answer are
   * together. Endpoints at which it says nothing are left out.
   */
  Map<List<PortRange>, BitSet> split(BitSet endpoints, List<PortMatch> ports) {
    Map<List<PortRange>, BitSet> groups = new LinkedHashMap<>();
    groups.put(ranges(ports), endpoints);
    for (PortMatch port : ports) {
      if (port instanceof Named named) {
        groups = split(groups, named);
      }
    }
    groups.remove(List.of());
    return groups;
  }

  private Map<List<PortRange>, BitSet> split(Map<List<PortRange>, BitSet> groups, Named named) {
    Map<List<PortRange>, BitSet> out = new LinkedHashMap<>();
    groups.forEach(
        (ranges, endpoints) -> {
          BitSet rest = (BitSet) endpoints.clone();
          numbers
              .getOrDefault(named, Map.of())
              .forEach(
                  (number, who) -> {
                    BitSet here = (BitSet) endpoints.clone();
                    here.and(who);
                    rest.andNot(who);
                    List<PortRange> more = new ArrayList<>(ranges);
                    more.add(new PortRange(named.protocol(), number, number));
                    put(out, disjoint(more), here);
                  });
          put(out, ranges, rest);
        });
    return out;
  }

  private static void put(
      Map<List<PortRange>, BitSet> groups, List<PortRange> ranges, BitSet endpoints) {
    if (!endpoints.isEmpty()) {
      groups.computeIfAbsent(ranges, r -> new BitSet()).or(endpoints);
    }
  }

  /** The same ports in as few ranges as there can be, sorted. */
  private static List<PortRange> disjoint(List<PortRange> ranges) {
    List<PortRange> out = new ArrayList<>();
    for (PortRange range : ranges.stream().sorted(ORDER).toList()) {
      int end = out.size() - 1;
      if (end >= 0
          && out.get(end).protocol() == range.protocol()
          && range.from() <= out.get(end).to() + 1) {
        PortRange before = out.get(end);
        out.set(
            end,
            new PortRange(before.protocol(), before.from(), Math.max(before.to(), range.to())));
      } else {
        out.add(range);
      }
    }
    return List.copyOf(out);
  }
}
