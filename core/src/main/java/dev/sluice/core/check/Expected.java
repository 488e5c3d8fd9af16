package dev.sluice.core.check;

import dev.sluice.core.topology.Topology;

/** Says which probes must pass; pure. */
@FunctionalInterface
public interface Expected {

  boolean passes(Probe probe);

  /** As the policies of {@code topology} have it. */
  static Expected policies(Topology topology) {
    return topology.policies().isEmpty() ? everythingConnected() : new PolicyExpected(topology);
  }

  /** Without a policy: whatever the topology connects, and only that is probed. */
  static Expected everythingConnected() {
    return probe -> true;
  }
}
