package dev.sluice.core.reconcile.kind;

/**
 * The order of actions within a namespace. What keeps packets from going astray ({@link #FILTER},
 * {@link #FILTER_LAST}, {@link #GUARD}, {@link #SYSCTL}) comes before anything goes up.
 */
public enum Phase {
  LINK,
  FILTER,
  /** What relies on the rest of the filter being in force. */
  FILTER_LAST,
  GUARD,
  SYSCTL,
  ADDRESS,
  UP,
  ROUTE,
  GATEWAY,
  NEIGHBOUR
}
