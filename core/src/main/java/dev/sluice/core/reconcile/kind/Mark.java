package dev.sluice.core.reconcile.kind;

/** The numbers by which a restarted process knows its own. Nobody else is known to use them. */
public final class Mark {

  /** The group that every link of ours is born in (IFLA_GROUP; "SL"). */
  public static final int LINK_GROUP = 0x534c;

  /** The group that links are moved to so that one request deletes them all. */
  public static final int DOOMED_GROUP = LINK_GROUP + 1;

  /**
   * The protocol of our addresses, routes, rules and neighbours (IFA_PROTO, rtm_protocol,
   * FRA_PROTOCOL, NDA_PROTOCOL).
   */
  public static final int PROTOCOL = 0x53;

  private Mark() {}

  /** Whether a link of that group is one of ours. */
  public static boolean isOurs(int group) {
    return group == LINK_GROUP || group == DOOMED_GROUP;
  }
}
