package dev.sluice.core.check;

import java.util.List;

/**
 * What a check saw. The component names are those of {@code check -o json}.
 *
 * @param probes how many were sent, retries not counted
 * @param agree how many of them did what was expected
 */
public record CheckReport(
    String topology, String datapath, int probes, int agree, List<Disagreement> disagree) {

  public CheckReport {
    disagree = List.copyOf(disagree);
  }
}
