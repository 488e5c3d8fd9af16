package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkMessage;

/** Requests about routing rules. */
public final class RuleRequests {

  private RuleRequests() {}

  /**
   * What comes in by a link is looked up in a table.
   *
   * @param inputLink a name; the link need not be there
   * @param mark what the packet's mark must be, of the bits of {@code markMask}
   * @param markMask 0: whatever the packet's mark
   * @param protocol the mark by which its maker knows it again
   */
  public record NewRule(
      boolean v4, String inputLink, int mark, int markMask, int table, int priority, int protocol) {

    /** A rule for packets of any mark. */
    public NewRule(boolean v4, String inputLink, int table, int priority, int protocol) {
      this(v4, inputLink, 0, 0, table, priority, protocol);
    }

    private byte[] toBytes() {
      AttributeWriter out =
          RuleMessage.header(
              v4 ? Rtnl.AF_INET : Rtnl.AF_INET6,
              0,
              0,
              0,
              table >= 0 && table < 256 ? table : 0,
              RuleMessage.TO_TABLE,
              0);
      out.string(RuleMessage.FRA_IIFNAME, inputLink);
      if (markMask != 0) {
        out.u32(RuleMessage.FRA_FWMARK, mark).u32(RuleMessage.FRA_FWMASK, markMask);
      }
      return out.u32(RuleMessage.FRA_TABLE, table)
          .u32(RuleMessage.FRA_PRIORITY, priority)
          .u8(RuleMessage.FRA_PROTOCOL, protocol)
          .toBytes();
    }

    /** {@code IPv4 iif sbred fwmark 0x1/0x1 to table 300}. */
    @Override
    public String toString() {
      return (v4 ? "IPv4" : "IPv6")
          + " iif "
          + inputLink
          + (markMask == 0 ? "" : " fwmark 0x%x/0x%x".formatted(mark, markMask))
          + " to table "
          + Integer.toUnsignedString(table);
    }
  }

  /** Adds a rule. EEXIST if there is the same one. */
  public static Request add(NewRule rule) {
    return mutating(
        Rtnl.NEWRULE, NetlinkMessage.F_CREATE | NetlinkMessage.F_EXCL, rule, "add rule");
  }

  /** Deletes the rule that agrees in everything. ENOENT if there is none. */
  public static Request delete(NewRule rule) {
    return mutating(Rtnl.DELRULE, 0, rule, "delete rule");
  }

  private static Request mutating(int type, int flags, NewRule rule, String operation) {
    return new Request(
        type,
        flags,
        ByteView.of(rule.toBytes()),
        RuleMessage.LAYOUT,
        true,
        operation,
        rule.toString());
  }

  /** All rules of both families. */
  public static Request dump() {
    return new Request(
        Rtnl.GETRULE,
        0,
        ByteView.of(RuleMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0, 0, 0).toBytes()),
        RuleMessage.LAYOUT,
        false,
        "dump rules",
        "");
  }
}
