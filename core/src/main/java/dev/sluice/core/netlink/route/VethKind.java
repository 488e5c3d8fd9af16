package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.codec.AttributeWriter;

/**
 * One end of a veth pair (veth(4)), which says what the other is to be: both are made by one
 * request. Read back, the peer is {@link LinkMessage#linkIndex}.
 */
public record VethKind(NewLink peer) implements LinkKind {

  public static final String NAME = "veth";

  private static final int VETH_INFO_PEER = 1;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void writeData(AttributeWriter data) {
    data.nested(
        VETH_INFO_PEER,
        content -> {
          // A struct ifinfomsg precedes the attributes of the peer.
          content.header32(0).header32(0).header32(0).header32(0);
          peer.writeTo(content);
        });
  }
}
