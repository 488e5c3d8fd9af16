package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;

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
  private static final int NF_CALL_IPTABLES = 36;
  private static final int NF_CALL_IP6TABLES = 37;

  /** IFLA_BRPORT_MODE: of a port, whether frames may go back by it. */
  private static final int PORT_MODE = 4;

  /** Neither: every frame to every port that may want it, at once. */
  public static BridgeKind plain() {
    return new BridgeKind(false, false);
  }

  /** Whether a bridge that the kernel tells of sends its IP frames through netfilter's hooks. */
  static boolean hasNetfilter(Attributes data) {
    return data.u8(NF_CALL_IPTABLES).orElse(0) == 1 && data.u8(NF_CALL_IP6TABLES).orElse(0) == 1;
  }

  /** What turns that on or off; a kernel without br_netfilter ignores it. */
  static void writeNetfilter(AttributeWriter data, boolean on) {
    data.u8(NF_CALL_IPTABLES, on ? 1 : 0).u8(NF_CALL_IP6TABLES, on ? 1 : 0);
  }

  /** Whether a bridge may send a frame back by the port that {@code data} is of. */
  static boolean isHairpin(Attributes data) {
    return data.u8(PORT_MODE).orElse(0) == 1;
  }

  static void writeHairpin(AttributeWriter data, boolean on) {
    data.u8(PORT_MODE, on ? 1 : 0);
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
