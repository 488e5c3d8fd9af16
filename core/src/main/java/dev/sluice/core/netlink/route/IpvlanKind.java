package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import java.util.Arrays;
import java.util.Optional;

/**
 * A device that shares its parent's MAC and is told by its addresses (ip-link(8), "IPVLAN and
 * IPVTAP Type Support"). Read back, the parent is {@link LinkMessage#linkIndex}.
 *
 * @param mode how what it sends gets out
 * @param flags {@link #VEPA}, or 0: it hands what is for a neighbour to that one itself
 */
public record IpvlanKind(Mode mode, int flags) implements LinkKind {

  public static final String NAME = "ipvlan";

  /** IPVLAN_F_VEPA. */
  public static final int VEPA = 2;

  /** IFLA_IPVLAN_MODE. */
  private static final int MODE = 1;

  /** IFLA_IPVLAN_FLAGS. */
  private static final int FLAGS = 2;

  /** IPVLAN_MODE_* (linux/if_link.h). */
  public enum Mode {
    /** By the parent, as the frame that it is. */
    L2(0),
    /** Routed in the parent's namespace. */
    L3(1),
    /** The same, and the parent's netfilter sees what comes in. */
    L3S(2);

    private final int number;

    Mode(int number) {
      this.number = number;
    }
  }

  /** Empty if the mode is one that a later kernel has. */
  static Optional<IpvlanKind> parse(Attributes data) {
    int number = data.u16(MODE).orElse(0);
    return Arrays.stream(Mode.values())
        .filter(mode -> mode.number == number)
        .map(mode -> new IpvlanKind(mode, data.u16(FLAGS).orElse(0)))
        .findFirst();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void writeData(AttributeWriter data) {
    data.u16(MODE, mode.number);
    data.u16(FLAGS, flags);
  }
}
