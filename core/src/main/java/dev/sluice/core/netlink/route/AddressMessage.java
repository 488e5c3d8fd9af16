package dev.sluice.core.netlink.route;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkDecodeException;
import java.util.Optional;

/**
 * What the kernel tells of an address (RTM_NEWADDR: struct ifaddrmsg and IFA_* attributes).
 *
 * @param prefix length of the subnet's prefix, in bits
 * @param oldFlags the lower eight of {@link #flags}
 * @param scope RT_SCOPE_*: 0 global, 253 link, 254 host
 * @param index of the link that bears it
 */
public record AddressMessage(
    int family, int prefix, int oldFlags, int scope, int index, Attributes attributes) {

  /** No duplicate address detection: usable at once. */
  public static final int NODAD = 0x02;

  public static final int PERMANENT = 0x80;

  /** No route to the subnet comes with the address. */
  public static final int NOPREFIXROUTE = 0x200;

  static final int IFA_ADDRESS = 1;
  static final int IFA_LOCAL = 2;
  static final int IFA_BROADCAST = 4;
  static final int IFA_FLAGS = 8;
  static final int IFA_PROTO = 11;

  private static final AttributeNames NAMES =
      AttributeNames.of(
          "IFA_",
          "ADDRESS",
          "LOCAL",
          "LABEL",
          "BROADCAST",
          "ANYCAST",
          "CACHEINFO",
          "MULTICAST",
          "FLAGS",
          "RT_PRIORITY",
          "TARGET_NETNSID",
          "PROTO");

  static final Layout LAYOUT = new Layout(8, NAMES);

  public static AddressMessage parse(ByteView payload) {
    return new AddressMessage(
        payload.u8(0),
        payload.u8(1),
        payload.u8(2),
        payload.u8(3),
        payload.i32(4),
        Attributes.parse(payload.from(LAYOUT.headerLength()), NAMES));
  }

  public byte[] toBytes() {
    AttributeWriter out = header(family, prefix, oldFlags, scope, index);
    attributes.writeTo(out);
    return out.toBytes();
  }

  /** A struct ifaddrmsg, for attributes to follow. */
  static AttributeWriter header(int family, int prefix, int flags, int scope, int index) {
    return new AttributeWriter()
        .header8(family)
        .header8(prefix)
        .header8(flags)
        .header8(scope)
        .header32(index);
  }

  /** The address; of a point-to-point link the local one. */
  public IpAddress ip() {
    Optional<ByteView> local = attributes.find(IFA_LOCAL);
    return local
        .or(() -> attributes.find(IFA_ADDRESS))
        .map(bytes -> Rtnl.ip(bytes, "IFA_LOCAL or IFA_ADDRESS"))
        .orElseThrow(() -> new NetlinkDecodeException("an address without IFA_ADDRESS"));
  }

  /** All flags, of which the header holds eight. */
  public int flags() {
    return attributes.i32(IFA_FLAGS).orElse(oldFlags);
  }

  /** Who set it, as it said; 0 for nobody in particular, and always before Linux 5.18. */
  public int protocol() {
    return attributes.u8(IFA_PROTO).orElse(0);
  }
}
