package dev.sluice.core.policy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What begins or ceases to pass, alike from each of some ends to each of others. An end is an
 * endpoint's name, with one of its addresses where they differ; {@code node}; or a block of
 * addresses outside. One that is on both sides is not meant with itself.
 *
 * @param starts whether it begins to pass
 */
public record VerdictChange(
    boolean starts, List<String> sources, List<String> destinations, PortSet ports) {

  public VerdictChange {
    sources = List.copyOf(sources);
    destinations = List.copyOf(destinations);
  }

  /** How many pairs of a source and a destination it is about. */
  public long pairs() {
    Set<String> to = new HashSet<>(destinations);
    long same = sources.stream().filter(to::contains).count();
    return (long) sources.size() * destinations.size() - same;
  }
}
