package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;

/**
 * The primary end of a netkit pair (drivers/net/netkit.c), which says what the other, its peer, is
 * to be: both are made by one request. Ethernet devices that let nothing pass which no program
 * decides on. Packets lose their marks before the programs see them. Read back, the peer is {@link
 * LinkMessage#linkIndex}.
 */
public record NetkitKind(NewLink peer) implements LinkKind {

  public static final String NAME = "netkit";

  private static final int PEER_INFO = 1;
  private static final int POLICY = 3;
  private static final int PEER_POLICY = 4;
  private static final int MODE = 5;
  private static final int SCRUB = 6;

  private static final int MODE_L2 = 0;
  private static final int POLICY_DROP = 2;

  private static final int UNKNOWN = -1;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void writeData(AttributeWriter data) {
    data.nested(
        PEER_INFO,
        content -> {
          // A struct ifinfomsg precedes the attributes of the peer.
          content.header32(0).header32(0).header32(0).header32(0);
          peer.writeTo(content);
        });
    writePolicies(data);
    data.u32(MODE, MODE_L2);
  }

  static void writePolicies(AttributeWriter data) {
    data.u32(POLICY, POLICY_DROP).u32(PEER_POLICY, POLICY_DROP);
  }

  /** As {@link LinkMessage#isRecentNetkit}. */
  static boolean isRecent(Attributes data) {
    return data.i32(SCRUB).isPresent();
  }

  /** As {@link LinkMessage#isClosedNetkit}. */
  static boolean isClosed(Attributes data) {
    return data.i32(POLICY).orElse(UNKNOWN) == POLICY_DROP
        && data.i32(PEER_POLICY).orElse(UNKNOWN) == POLICY_DROP;
  }
}
