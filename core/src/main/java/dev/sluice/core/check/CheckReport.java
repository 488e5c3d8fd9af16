package dev.sluice.core.check;

import java.util.List;

/**
 * What a check saw. The component names are those of {@code check -o json}.
 *
 * @param probes how many were sent, retries not counted
 * @param agree how many of them did what was expected
 * @param sampled whether not all pairs of endpoints were probed, or not at all ports that policies
 *     mention: see {@link EndpointPairs}, {@link ProbePorts}
 * @param pairs how many ordered pairs of endpoints were probed
 * @param allPairs how many the topology has
 * @param ports at how many of the ports that policies mention each pair was probed
 * @param allPorts how many they mention
 */
public record CheckReport(
    String topology,
    String datapath,
    int probes,
    int agree,
    List<Disagreement> disagree,
    boolean sampled,
    int pairs,
    long allPairs,
    int ports,
    int allPorts) {

  public CheckReport {
    disagree = List.copyOf(disagree);
  }
}
