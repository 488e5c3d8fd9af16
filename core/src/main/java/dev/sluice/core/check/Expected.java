package dev.sluice.core.check;

/** Says which probes must pass; pure. */
@FunctionalInterface
public interface Expected {

  boolean passes(Probe probe);

  /** Without a policy: whatever the topology connects, and only that is probed. */
  static Expected everythingConnected() {
    return probe -> true;
  }
}
