package dev.sluice.core.netlink.route;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkDecodeException;
import java.util.Optional;

/**
 * What the kernel tells of a neighbour (RTM_NEWNEIGH: struct ndmsg and NDA_* attributes).
 *
 * @param index of the link that it is behind
 * @param state NUD_*, such as {@link #PERMANENT}
 * @param flags NTF_*
 * @param type of its address, as {@link RouteMessage#UNICAST}
 */
public record NeighbourMessage(
    int family, int index, int state, int flags, int type, Attributes attributes) {

  /** Set by someone, and never forgotten. */
  public static final int PERMANENT = 0x80;

  /** An address that a device takes in, and no neighbour. */
  static final int NTF_SELF = 0x02;

  static final int NDA_DST = 1;
  static final int NDA_LLADDR = 2;
  static final int NDA_PROTOCOL = 12;

  private static final AttributeNames NAMES =
      AttributeNames.of(
          "NDA_",
          "DST",
          "LLADDR",
          "CACHEINFO",
          "PROBES",
          "VLAN",
          "PORT",
          "VNI",
          "IFINDEX",
          "MASTER",
          "LINK_NETNSID",
          "SRC_VNI",
          "PROTOCOL",
          "NH_ID",
          "FDB_EXT_ATTRS",
          "FLAGS_EXT");

  static final Layout LAYOUT = new Layout(12, NAMES);

  public static NeighbourMessage parse(ByteView payload) {
    return new NeighbourMessage(
        payload.u8(0),
        payload.i32(4),
        payload.u16(8),
        payload.u8(10),
        payload.u8(11),
        Attributes.parse(payload.from(LAYOUT.headerLength()), NAMES));
  }

  public byte[] toBytes() {
    AttributeWriter out = header(family, index, state, flags, type);
    attributes.writeTo(out);
    return out.toBytes();
  }

  /** A struct ndmsg, for attributes to follow. */
  static AttributeWriter header(int family, int index, int state, int flags, int type) {
    return new AttributeWriter()
        .header8(family)
        .header8(0)
        .header16(0)
        .header32(index)
        .header16(state)
        .header8(flags)
        .header8(type);
  }

  /** Of the family of bridges: whether the device itself takes in frames for that MAC. */
  public boolean isSelf() {
    return (flags & NTF_SELF) != 0;
  }

  public IpAddress ip() {
    return attributes
        .find(NDA_DST)
        .map(bytes -> Rtnl.ip(bytes, "NDA_DST"))
        .orElseThrow(() -> new NetlinkDecodeException("a neighbour without NDA_DST"));
  }

  /** Empty while it is not known, or if it is not one of Ethernet. */
  public Optional<MacAddress> mac() {
    return attributes
        .find(NDA_LLADDR)
        .filter(bytes -> bytes.length() == 6)
        .map(bytes -> MacAddress.of(bytes.toByteArray()));
  }

  /** Who set it, as it said; 0 for nobody in particular. */
  public int protocol() {
    return attributes.u8(NDA_PROTOCOL).orElse(0);
  }
}
