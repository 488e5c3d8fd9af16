package dev.sluice.core.reconcile.kind;

/**
 * The order of actions within a namespace. What keeps packets from going astray ({@link #FILTER},
 * {@link #GUARD}, {@link #SYSCTL}) comes before anything goes up.
 */
public enum Phase {
  LINK,
  FILTER,
  GUARD,
  SYSCTL,
  ADDRESS,
  UP,
  ROUTE,
  GATEWAY,
  NEIGHBOUR
}
