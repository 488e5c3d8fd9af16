package dev.sluice.core.policy;

import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.util.Comparator;

/** Names a side of a {@link PolicyTable}. */
public record SideId(String endpoint, Direction direction) implements Comparable<SideId> {

  private static final Comparator<SideId> ORDER =
      Comparator.comparing(SideId::endpoint).thenComparing(SideId::direction);

  @Override
  public int compareTo(SideId other) {
    return ORDER.compare(this, other);
  }
}
