package dev.sluice.core.reconcile.kind;

/**
 * The order of actions within a namespace. What keeps packets from going astray ({@link #FILTER} to
 * {@link #SYSCTL}) comes before anything goes up.
 */
public enum Phase {
  LINK,
  FILTER,
  FILTER_LAST,
  GUARD,
  SYSCTL,
  ADDRESS,
  UP,
  ROUTE,
  GATEWAY,
  NEIGHBOUR
}
