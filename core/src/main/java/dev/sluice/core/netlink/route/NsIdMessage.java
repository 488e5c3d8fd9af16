package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import dev.sluice.core.netlink.codec.ByteView;
import java.util.OptionalInt;

/**
 * The number by which one namespace calls another (RTM_NEWNSID: struct rtgenmsg and NETNSA_*
 * attributes): what {@link LinkMessage#linkNetnsId} holds.
 */
public record NsIdMessage(int family, Attributes attributes) {

  static final int NETNSA_NSID = 1;
  static final int NETNSA_FD = 3;

  private static final AttributeNames NAMES =
      AttributeNames.of("NETNSA_", "NSID", "PID", "FD", "TARGET_NSID", "CURRENT_NSID");

  static final Layout LAYOUT = new Layout(4, NAMES);

  public static NsIdMessage parse(ByteView payload) {
    return new NsIdMessage(
        payload.u8(0), Attributes.parse(payload.from(LAYOUT.headerLength()), NAMES));
  }

  public byte[] toBytes() {
    AttributeWriter out = header(family);
    attributes.writeTo(out);
    return out.toBytes();
  }

  /** A struct rtgenmsg and its padding, for attributes to follow. */
  static AttributeWriter header(int family) {
    return new AttributeWriter().header8(family).header8(0).header16(0);
  }

  /** Empty if it has none: no link has crossed between the two yet. */
  public OptionalInt id() {
    OptionalInt id = attributes.i32(NETNSA_NSID);
    return id.isPresent() && id.getAsInt() < 0 ? OptionalInt.empty() : id;
  }
}
