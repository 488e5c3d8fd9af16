package dev.sluice.core.policy;

import dev.sluice.core.topology.Topology;

/** Resolves the declared policies of a topology. */
public final class PolicyResolver {

  private PolicyResolver() {}

  /** The table of all policies of {@code topology}. */
  public static PolicyTable resolve(Topology topology) {
    if (!topology.policies().isEmpty()) {
      throw new IllegalArgumentException("policies are not resolved yet");
    }
    return PolicyTable.open();
  }
}
