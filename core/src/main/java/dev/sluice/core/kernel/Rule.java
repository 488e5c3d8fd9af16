package dev.sluice.core.kernel;

/**
 * A routing rule (ip-rule(8)): packets that came in by {@code iif} are looked up in {@code table}.
 * It names the link but does not need it: the kernel binds it when the link appears.
 */
public record Rule(NetnsRef netns, boolean v4, int priority, String iif, int table)
    implements KernelObject {

  @Override
  public Key key() {
    return new Key(
        Key.Type.RULE,
        netns,
        (v4 ? "ipv4 " : "ipv6 ")
            + priority
            + " from "
            + iif
            + " to "
            + Integer.toUnsignedString(table));
  }
}
