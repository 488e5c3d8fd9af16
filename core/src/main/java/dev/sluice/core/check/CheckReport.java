package dev.sluice.core.check;

import java.util.List;

/**
 * What a check saw. The component names are those of {@code check -o json}.
 *
 * @param probes how many were sent, retries not counted
 * @param agree how many of them did what was expected
 * @param sampled whether not all pairs of endpoints were probed, see {@link EndpointPairs}
 * @param pairs how many ordered pairs of endpoints were probed
 * @param allPairs how many the topology has
 */
public record CheckReport(
    String topology,
    String datapath,
    int probes,
    int agree,
    List<Disagreement> disagree,
    boolean sampled,
    int pairs,
    long allPairs) {

  public CheckReport {
    disagree = List.copyOf(disagree);
  }
}
