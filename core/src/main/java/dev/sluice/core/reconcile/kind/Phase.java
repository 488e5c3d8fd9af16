package dev.sluice.core.reconcile.kind;

/**
 * The order of actions within a namespace. What keeps packets from going astray ({@link #FILTER},
 * {@link #FILTER_LAST}, {@link #GUARD}, {@link #SYSCTL}) comes before anything goes up.
 */
public enum Phase {
  LINK,
  /** In the namespace of the parent, which is not the node; done in all before anything else. */
  LINK_ON_LINK,
  FILTER,
  /** What relies on the rest of the filter being in force. */
  FILTER_LAST,
  GUARD,
  SYSCTL,
  ADDRESS,
  UP,
  ROUTE,
  GATEWAY,
  NEIGHBOUR,
  /**
   * What has been replaced goes, once all else of the plan is done in every namespace; also where
   * that is a deletion, for it may be what stood guard so far. Not begun if anything has failed.
   */
  SWEEP
}
