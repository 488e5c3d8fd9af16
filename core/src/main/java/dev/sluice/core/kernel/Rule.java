package dev.sluice.core.kernel;

import java.util.Optional;

/**
 * A routing rule (ip-rule(8)): packets that came in by {@code iif} are looked up in {@code table}.
 * It names the link but does not need it: the kernel binds it when the link appears.
 *
 * @param marked which packets it is for; empty: all
 */
public record Rule(
    NetnsRef netns, boolean v4, int priority, String iif, Optional<Marked> marked, int table)
    implements KernelObject {

  /** Packets whose mark, of the bits of {@code mask} (not 0), is {@code value}. */
  public record Marked(int value, int mask) {
    @Override
    public String toString() {
      return "0x%x/0x%x".formatted(value, mask);
    }
  }

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
