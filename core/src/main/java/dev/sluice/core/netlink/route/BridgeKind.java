package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import java.util.Optional;

/**
 * A bridge (IFLA_BR_*). What is not named here stays at the kernel's default.
 *
 * @param stp whether it speaks the spanning tree protocol
 * @param multicastSnooping whether it sends multicast only where it was asked for
 */
public record BridgeKind(boolean stp, boolean multicastSnooping) implements LinkKind {

  public static final String NAME = "bridge";

  private static final int STP_STATE = 5;
  private static final int MCAST_SNOOPING = 23;
  private static final AttributeNames NAMES = AttributeNames.of("IFLA_BR_");

  /** Neither: every frame to every port that may want it, at once. */
  public static BridgeKind plain() {
    return new BridgeKind(false, false);
  }

  /** The settings of a link; empty if it is no bridge. */
  public static Optional<BridgeKind> of(LinkMessage link) {
    return link.kind()
        .filter(NAME::equals)
        .flatMap(kind -> link.kindData())
        .map(bytes -> Attributes.parse(bytes, NAMES))
        .map(
            data ->
                new BridgeKind(
                    data.i32(STP_STATE).orElse(0) != 0, data.u8(MCAST_SNOOPING).orElse(0) != 0));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void writeData(AttributeWriter data) {
    data.u32(STP_STATE, stp ? 1 : 0).u8(MCAST_SNOOPING, multicastSnooping ? 1 : 0);
  }
}
