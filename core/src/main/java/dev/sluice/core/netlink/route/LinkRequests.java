package dev.sluice.core.netlink.route;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkMessage;

/** Requests about links. */
public final class LinkRequests {

  /** Leaves the statistics out of answers, most of their bytes. */
  private static final int RTEXT_FILTER_SKIP_STATS = 1 << 3;

  private LinkRequests() {}

  /** Makes a link, with all that {@code link} says, in one step. EEXIST if the name is taken. */
  public static Request add(NewLink link, LinkKind kind) {
    AttributeWriter out = LinkMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0);
    link.writeTo(out);
    out.nested(
        LinkAttributes.LINKINFO,
        info ->
            info.string(LinkAttributes.INFO_KIND, kind.name())
                .nested(LinkAttributes.INFO_DATA, kind::writeData));
    return mutating(
        Rtnl.NEWLINK,
        NetlinkMessage.F_CREATE | NetlinkMessage.F_EXCL,
        out,
        "create " + kind.name(),
        link.name());
  }

  /** Makes a bridge without spanning tree and snooping, its MAC pinned. */
  public static Request addBridge(String name, MacAddress mac, int mtu, int group) {
    return add(NewLink.named(name).withMac(mac).withMtu(mtu).withGroup(group), BridgeKind.plain());
  }

  /**
   * Whether IP frames between the ports of a bridge pass netfilter's {@code inet} hooks of its
   * namespace; for this bridge alone, whatever net.bridge.bridge-nf-call-* says for all.
   */
  public static Request bridgeNetfilter(String name, boolean on) {
    AttributeWriter out =
        LinkMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0)
            .string(LinkAttributes.IFNAME, name)
            .nested(
                LinkAttributes.LINKINFO,
                info ->
                    info.string(LinkAttributes.INFO_KIND, BridgeKind.NAME)
                        .nested(
                            LinkAttributes.INFO_DATA, data -> BridgeKind.writeNetfilter(data, on)));
    // RTM_SETLINK leaves INFO_DATA alone.
    return mutating(Rtnl.NEWLINK, 0, out, "set netfilter of bridge", name);
  }

  /** Whether a bridge may send a frame back by its port {@code name}, as it may not by itself. */
  public static Request hairpin(String name, boolean on) {
    AttributeWriter out =
        LinkMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0)
            .string(LinkAttributes.IFNAME, name)
            .nested(
                LinkAttributes.LINKINFO,
                info ->
                    info.string(LinkAttributes.INFO_SLAVE_KIND, BridgeKind.NAME)
                        .nested(
                            LinkAttributes.INFO_SLAVE_DATA,
                            data -> BridgeKind.writeHairpin(data, on)));
    // RTM_SETLINK leaves INFO_SLAVE_DATA alone.
    return mutating(Rtnl.NEWLINK, 0, out, "set hairpin of port", name);
  }

  /** Makes a veth pair: {@code near} may be a port at once, {@code far} mostly lies elsewhere. */
  public static Request addVeth(NewLink near, NewLink far) {
    return add(near, new VethKind(far));
  }

  /** Changes what is the link's kind's own, a macvlan's mode say. */
  public static Request changeKind(String name, LinkKind kind) {
    AttributeWriter out =
        LinkMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0)
            .string(LinkAttributes.IFNAME, name)
            .nested(
                LinkAttributes.LINKINFO,
                info ->
                    info.string(LinkAttributes.INFO_KIND, kind.name())
                        .nested(LinkAttributes.INFO_DATA, kind::writeData));
    // RTM_SETLINK leaves INFO_DATA alone.
    return mutating(Rtnl.NEWLINK, 0, out, "set mode of " + kind.name(), name);
  }

  /** Lets nothing pass at either end of a netkit pair which no program decides on. */
  public static Request closeNetkit(String primary) {
    AttributeWriter out =
        LinkMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0)
            .string(LinkAttributes.IFNAME, primary)
            .nested(
                LinkAttributes.LINKINFO,
                info ->
                    info.string(LinkAttributes.INFO_KIND, NetkitKind.NAME)
                        .nested(LinkAttributes.INFO_DATA, NetkitKind::writePolicies));
    // RTM_SETLINK leaves INFO_DATA alone.
    return mutating(Rtnl.NEWLINK, 0, out, "set policies of netkit", primary);
  }

  /** Changes a link. ENODEV if there is none. */
  public static Request change(LinkChange change) {
    return new Request(
        Rtnl.SETLINK,
        0,
        ByteView.of(change.toBytes()),
        LinkAttributes.LAYOUT,
        true,
        "change link",
        change.label());
  }

  /** Deletes a link, and what depends on it: a veth's peer, a parent's slaves. */
  public static Request delete(int index) {
    return mutating(
        Rtnl.DELLINK,
        0,
        LinkMessage.header(Rtnl.AF_UNSPEC, 0, index, 0, 0),
        "delete link",
        "index " + index);
  }

  /** As {@link #delete(int)}. */
  public static Request delete(String name) {
    return mutating(
        Rtnl.DELLINK,
        0,
        LinkMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0).string(LinkAttributes.IFNAME, name),
        "delete link",
        name);
  }

  /**
   * Deletes all links of a group at once: one grace period of the kernel instead of one for each.
   * ENODEV if there is none.
   */
  public static Request deleteGroup(int group) {
    if (group == 0) {
      throw new IllegalArgumentException("group 0 is that of all links which nobody marked");
    }
    return mutating(
        Rtnl.DELLINK,
        0,
        LinkMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0).u32(LinkAttributes.GROUP, group),
        "delete links",
        "of group " + Integer.toUnsignedString(group));
  }

  /** The link of that name. */
  public static Request get(String name) {
    return reading(
        LinkMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0).string(LinkAttributes.IFNAME, name),
        "get link",
        name);
  }

  /** All links, without statistics. */
  public static Request dump() {
    return reading(LinkMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0), "dump links", "");
  }

  private static Request reading(AttributeWriter out, String operation, String object) {
    out.u32(LinkAttributes.EXT_MASK, RTEXT_FILTER_SKIP_STATS);
    return new Request(
        Rtnl.GETLINK,
        0,
        ByteView.of(out.toBytes()),
        LinkAttributes.LAYOUT,
        false,
        operation,
        object);
  }

  private static Request mutating(
      int type, int flags, AttributeWriter out, String operation, String object) {
    return new Request(
        type, flags, ByteView.of(out.toBytes()), LinkAttributes.LAYOUT, true, operation, object);
  }
}
