package dev.sluice.core.policy;

import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Resolves the declared policies of a topology, and of the topologies that follow it: given the
 * next one, only what its labels, policies and port names can have changed is resolved again. Not
 * safe for use by several threads.
 */
public final class PolicyResolver {

  private Roster roster = Roster.of(List.of());
  private Selections selections = Selections.of(roster, List.of());
  private NamedPorts named = NamedPorts.of(roster);
  private Map<Direction, DirectedResolver> directions = directions();
  private PolicyTable table = PolicyTable.open();

  /** A resolver that has seen no topology; its table is open. */
  public PolicyResolver() {}

  /** The table of all policies of {@code topology}. */
  public static PolicyTable resolve(Topology topology) {
    return new PolicyResolver().next(topology).table();
  }

  /** The table of the next topology, and what differs from that of the one before. */
  public Resolution next(Topology topology) {
    Set<SideId> touched = new TreeSet<>();
    Roster then = roster.next(topology.endpoints());
    if (then.isSparse()) {
      touched.addAll(isolated());
      then = Roster.of(topology.endpoints());
      selections = Selections.of(then, topology.namespaces());
      directions = directions();
    }
    boolean selectTheSame = selections.selectAsIn(then, topology.namespaces());
    NamedPorts namedThen = NamedPorts.of(then);
    boolean nameTheSame = namedThen.equals(named);
    roster = then;
    selections = selections.next(then, topology.namespaces());
    named = nameTheSame ? named : namedThen;
    directions.forEach(
        (direction, resolver) ->
            resolver
                .next(topology.policies(), selections, named, selectTheSame && nameTheSame)
                .stream()
                .forEach(number -> touched.add(new SideId(roster.name(number), direction))));
    PolicyTable before = table;
    table = touched.isEmpty() ? before : tabulate();
    SortedSet<SideId> changed = new TreeSet<>();
    for (SideId id : touched) {
      if (!table.side(id).equals(before.side(id))) {
        changed.add(id);
      }
    }
    return new Resolution(table, changed);
  }

  private static Map<Direction, DirectedResolver> directions() {
    Map<Direction, DirectedResolver> out = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      out.put(direction, new DirectedResolver(direction));
    }
    return out;
  }

  private Set<SideId> isolated() {
    Set<SideId> out = new TreeSet<>();
    for (Direction direction : Direction.values()) {
      table.isolated(direction).keySet().forEach(name -> out.add(new SideId(name, direction)));
    }
    return out;
  }

  private PolicyTable tabulate() {
    Map<Direction, Map<String, Side>> sides = new EnumMap<>(Direction.class);
    directions.forEach(
        (direction, resolver) -> {
          Map<String, Side> byName = new HashMap<>();
          resolver.sides().forEach((number, side) -> byName.put(roster.name(number), side));
          sides.put(direction, byName);
        });
    return new PolicyTable(sides);
  }
}
