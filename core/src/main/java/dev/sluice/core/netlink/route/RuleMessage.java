package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.Request.Layout;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.Attributes;
import dev.sluice.core.netlink.codec.ByteView;
import java.util.Optional;

/**
 * What the kernel tells of a routing rule (RTM_NEWRULE: struct fib_rule_hdr and FRA_* attributes).
 *
 * @param destinationPrefix length in bits of a selector that {@link #attributes} hold
 * @param sourcePrefix the same for the source
 * @param oldTable {@link #table} if that is below 256
 * @param action {@link #TO_TABLE}, or FR_ACT_*
 */
public record RuleMessage(
    int family,
    int destinationPrefix,
    int sourcePrefix,
    int tos,
    int oldTable,
    int action,
    int flags,
    Attributes attributes) {

  /** Look the destination up in the table. */
  public static final int TO_TABLE = 1;

  static final int FRA_IIFNAME = 3;
  static final int FRA_PRIORITY = 6;
  static final int FRA_FWMARK = 10;
  static final int FRA_TABLE = 15;
  static final int FRA_FWMASK = 16;
  static final int FRA_PROTOCOL = 21;

  private static final AttributeNames NAMES =
      AttributeNames.of(
          "FRA_",
          "DST",
          "SRC",
          "IIFNAME",
          "GOTO",
          "UNUSED2",
          "PRIORITY",
          "UNUSED3",
          "UNUSED4",
          "UNUSED5",
          "FWMARK",
          "FLOW",
          "TUN_ID",
          "SUPPRESS_IFGROUP",
          "SUPPRESS_PREFIXLEN",
          "TABLE",
          "FWMASK",
          "OIFNAME",
          "PAD",
          "L3MDEV",
          "UID_RANGE",
          "PROTOCOL",
          "IP_PROTO",
          "SPORT_RANGE",
          "DPORT_RANGE");

  static final Layout LAYOUT = new Layout(12, NAMES);

  public static RuleMessage parse(ByteView payload) {
    return new RuleMessage(
        payload.u8(0),
        payload.u8(1),
        payload.u8(2),
        payload.u8(3),
        payload.u8(4),
        payload.u8(7),
        payload.i32(8),
        Attributes.parse(payload.from(LAYOUT.headerLength()), NAMES));
  }

  public byte[] toBytes() {
    AttributeWriter out =
        header(family, destinationPrefix, sourcePrefix, tos, oldTable, action, flags);
    attributes.writeTo(out);
    return out.toBytes();
  }

  /** A struct fib_rule_hdr, for attributes to follow. */
  static AttributeWriter header(
      int family,
      int destinationPrefix,
      int sourcePrefix,
      int tos,
      int table,
      int action,
      int flags) {
    return new AttributeWriter()
        .header8(family)
        .header8(destinationPrefix)
        .header8(sourcePrefix)
        .header8(tos)
        .header8(table)
        .header16(0)
        .header8(action)
        .header32(flags);
  }

  public boolean isV4() {
    return family == Rtnl.AF_INET;
  }

  /** Rules are tried in ascending order. */
  public int priority() {
    return attributes.i32(FRA_PRIORITY).orElse(0);
  }

  /** Name of the link that a packet must have come in by; the link need not be there. */
  public Optional<String> inputLink() {
    return attributes.string(FRA_IIFNAME);
  }

  /** What the masked mark of a packet must be. */
  public int mark() {
    return attributes.i32(FRA_FWMARK).orElse(0);
  }

  /** The bits of a packet's mark that count; 0: none do. */
  public int markMask() {
    return attributes.i32(FRA_FWMASK).orElse(0);
  }

  /** A number of 32 bits; negative stands for those above 2^31. */
  public int table() {
    return attributes.i32(FRA_TABLE).orElse(oldTable);
  }

  /** Who set it: 2 the kernel, 0 nobody in particular. */
  public int protocol() {
    return attributes.u8(FRA_PROTOCOL).orElse(0);
  }
}
