package dev.sluice.core.policy;

import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * The policies of a topology, resolved: for each endpoint and direction, who isolates it and what
 * passes. What every datapath enforces.
 */
public final class PolicyTable {

  private final Map<Direction, Map<String, Side>> sides = new EnumMap<>(Direction.class);

  /** {@code sides}: of the isolated endpoints, by direction and endpoint's name. */
  public PolicyTable(Map<Direction, Map<String, Side>> sides) {
    for (Direction direction : Direction.values()) {
      this.sides.put(direction, Map.copyOf(sides.getOrDefault(direction, new HashMap<>())));
    }
  }

  /** The table of a topology without policies. */
  public static PolicyTable open() {
    return new PolicyTable(Map.of());
  }

  /** What holds for an endpoint; {@link Side#OPEN} where no policy isolates it. */
  public Side side(String endpoint, Direction direction) {
    return sides.get(direction).getOrDefault(endpoint, Side.OPEN);
  }

  /** As {@link #side(String, Direction)}. */
  public Side side(SideId id) {
    return side(id.endpoint(), id.direction());
  }

  /** The isolated endpoints of a direction, with their sides; in no order. */
  public Map<String, Side> isolated(Direction direction) {
    return sides.get(direction);
  }

  /** What this says of {@code flow}; every endpoint that it names is one of the topology's. */
  public Verdict verdict(Flow flow) {
    return TableVerdict.of(this, flow);
  }

  public boolean isEmpty() {
    return sides.values().stream().allMatch(Map::isEmpty);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof PolicyTable that && sides.equals(that.sides);
  }

  @Override
  public int hashCode() {
    return sides.hashCode();
  }

  @Override
  public String toString() {
    return sides.toString();
  }
}
