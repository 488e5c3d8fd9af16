package dev.sluice.core.policy;

import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a {@link PolicyResolver} made of a topology.
 *
 * @param changed the sides that are not equal to those of the table before, an endpoint that is in
 *     one of the topologies only being open in the other
 */
public record Resolution(PolicyTable table, SortedSet<SideId> changed) {
  public Resolution {
    changed = Collections.unmodifiableSortedSet(new TreeSet<>(changed));
  }
}
