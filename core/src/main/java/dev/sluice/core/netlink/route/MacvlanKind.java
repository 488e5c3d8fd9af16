package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;

/**
 * A device of its own MAC on a parent (ip-link(8), "MACVLAN and MACVTAP Type Support"). Read back,
 * the parent is {@link LinkMessage#linkIndex}.
 */
public record MacvlanKind(Mode mode) implements LinkKind {

  public static final String NAME = "macvlan";

  /** IFLA_MACVLAN_MODE. */
  private static final int MODE = 1;

  /** Where a frame goes that is for another device of the parent (linux/if_link.h). */
  public enum Mode {
    /** Nowhere. */
    PRIVATE(1),
    /** Out by the parent, as any other: what is there may send it back. */
    VEPA(2),
    /** To that one. */
    BRIDGE(4),
    /** The parent has no other. */
    PASSTHRU(8),
    /** As bridge, by the sender's MAC. */
    SOURCE(16);

    private final int number;

    Mode(int number) {
      this.number = number;
    }

    static Mode of(int number) {
      for (Mode mode : values()) {
        if (mode.number == number) {
          return mode;
        }
      }
      // A kernel that has others: not one of ours.
      return SOURCE;
    }
  }

  static Mode mode(Attributes data) {
    return Mode.of(data.i32(MODE).orElse(0));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void writeData(AttributeWriter data) {
    data.u32(MODE, mode.number);
  }
}
