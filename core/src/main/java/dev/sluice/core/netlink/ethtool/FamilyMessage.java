package dev.sluice.core.netlink.ethtool;

import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import dev.sluice.core.netlink.codec.ByteView;

/**
 * A family of generic netlink (CTRL_CMD_NEWFAMILY: struct genlmsghdr and CTRL_ATTR_* attributes).
 */
record FamilyMessage(Attributes attributes) {

  /** GENL_ID_CTRL: the one family whose number is fixed. */
  static final int CONTROLLER = 16;

  private static final int CTRL_CMD_GETFAMILY = 3;
  private static final int CTRL_ATTR_FAMILY_ID = 1;
  private static final int CTRL_ATTR_FAMILY_NAME = 2;

  private static final Layout LAYOUT =
      new Layout(4, AttributeNames.of("CTRL_ATTR_", "FAMILY_ID", "FAMILY_NAME", "VERSION"));

  /** Asks for the family of that name; ENOENT: this kernel has none. */
  static Request get(String name) {
    return new Request(
        CONTROLLER,
        0,
        ByteView.of(header(CTRL_CMD_GETFAMILY).string(CTRL_ATTR_FAMILY_NAME, name).toBytes()),
        LAYOUT,
        false,
        "get family of generic netlink",
        name);
  }

  static FamilyMessage parse(ByteView payload) {
    return new FamilyMessage(Attributes.parse(payload.from(LAYOUT.headerLength()), LAYOUT.names()));
  }

  /** A struct genlmsghdr, for attributes to follow. */
  static AttributeWriter header(int command) {
    return new AttributeWriter().header8(command).header8(1).header16(0);
  }

  /** The type of the family's messages. */
  int id() {
    return attributes.u16(CTRL_ATTR_FAMILY_ID).orElseThrow();
  }
}
