package dev.sluice.core.netlink.route;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import dev.sluice.core.netlink.codec.ByteView;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the kernel tells of a route (RTM_NEWROUTE: struct rtmsg and RTA_* attributes).
 *
 * @param destinationPrefix length in bits
 * @param sourcePrefix length in bits; 0 but for routing by source
 * @param oldTable {@link #table} if that is below 256
 * @param protocol who set it: 2 the kernel, 3 boot, 4 static, from 5 on daemons
 * @param scope RT_SCOPE_*: 0 universe, 253 link, 254 host
 * @param type RTN_*, such as {@link #UNICAST}
 * @param flags RTM_F_* and RTNH_F_*
 */
public record RouteMessage(
    int family,
    int destinationPrefix,
    int sourcePrefix,
    int tos,
    int oldTable,
    int protocol,
    int scope,
    int type,
    int flags,
    Attributes attributes) {

  public static final int UNICAST = 1;

  /** An address of the namespace itself. */
  public static final int LOCAL = 2;

  /** Packets vanish. */
  public static final int BLACKHOLE = 6;

  /** The sender is told: host unreachable. */
  public static final int UNREACHABLE = 7;

  /** The sender is told: prohibited. */
  public static final int PROHIBIT = 8;

  /** The table that lookups without a rule of their own end in. */
  public static final int TABLE_MAIN = 254;

  static final int RTA_DST = 1;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_PRIORITY = 6;
  static final int RTA_PREFSRC = 7;
  static final int RTA_TABLE = 15;
  static final int RTA_VIA = 18;

  private static final AttributeNames NAMES =
      AttributeNames.of(
          "RTA_",
          "DST",
          "SRC",
          "IIF",
          "OIF",
          "GATEWAY",
          "PRIORITY",
          "PREFSRC",
          "METRICS",
          "MULTIPATH",
          "PROTOINFO",
          "FLOW",
          "CACHEINFO",
          "SESSION",
          "MP_ALGO",
          "TABLE",
          "MARK",
          "MFC_STATS",
          "VIA",
          "NEWDST",
          "PREF",
          "ENCAP_TYPE",
          "ENCAP",
          "EXPIRES");

  static final Layout LAYOUT = new Layout(12, NAMES);

  public static RouteMessage parse(ByteView payload) {
    return new RouteMessage(
        payload.u8(0),
        payload.u8(1),
        payload.u8(2),
        payload.u8(3),
        payload.u8(4),
        payload.u8(5),
        payload.u8(6),
        payload.u8(7),
        payload.i32(8),
        Attributes.parse(payload.from(LAYOUT.headerLength()), NAMES));
  }

  public byte[] toBytes() {
    AttributeWriter out =
        new AttributeWriter()
            .header8(family)
            .header8(destinationPrefix)
            .header8(sourcePrefix)
            .header8(tos)
            .header8(oldTable)
            .header8(protocol)
            .header8(scope)
            .header8(type)
            .header32(flags);
    attributes.writeTo(out);
    return out.toBytes();
  }

  /** A number of 32 bits; negative stands for those above 2^31. */
  public int table() {
    return attributes.i32(RTA_TABLE).orElse(oldTable);
  }

  /** Where it leads; {@code 0.0.0.0/0} or {@code ::/0} for the default route. */
  public Cidr destination() {
    return attributes
        .find(RTA_DST)
        .map(bytes -> Rtnl.cidr(Rtnl.ip(bytes, "RTA_DST"), destinationPrefix, "RTA_DST"))
        .orElseGet(() -> Cidr.any(family == Rtnl.AF_INET));
  }

  /** Index of the link that it leaves by; none for a route of several hops, or of no link. */
  public OptionalInt link() {
    return attributes.i32(RTA_OIF);
  }

  /** The next router, of either family (RTA_GATEWAY, or RTA_VIA for IPv4 by way of IPv6). */
  public Optional<IpAddress> gateway() {
    return attributes
        .find(RTA_GATEWAY)
        .or(() -> attributes.sized(RTA_VIA, Short.BYTES).map(via -> via.from(Short.BYTES)))
        .map(bytes -> Rtnl.ip(bytes, "RTA_GATEWAY or RTA_VIA"));
  }

  /** The source address of packets that the host itself sends by it. */
  public Optional<IpAddress> preferredSource() {
    return attributes.find(RTA_PREFSRC).map(bytes -> Rtnl.ip(bytes, "RTA_PREFSRC"));
  }

  /** Of two routes to one place the lower counts (the metric). */
  public int priority() {
    return attributes.i32(RTA_PRIORITY).orElse(0);
  }
}
