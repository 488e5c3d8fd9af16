package dev.sluice.core.netlink.route;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkMessage;

/** Requests about neighbours: which MAC address has an IP address on a link. */
public final class NeighbourRequests {

  private NeighbourRequests() {}

  /**
   * A permanent neighbour.
   *
   * @param protocol the mark by which its maker knows it again; 0 for none
   */
  public record NewNeighbour(int index, IpAddress ip, MacAddress mac, int protocol) {}

  /** Adds a neighbour, or makes the one that is there permanent with this MAC. */
  public static Request replace(NewNeighbour neighbour) {
    AttributeWriter out =
        NeighbourMessage.header(
                Rtnl.family(neighbour.ip()), neighbour.index(), NeighbourMessage.PERMANENT, 0, 0)
            .bytes(NeighbourMessage.NDA_DST, neighbour.ip().bytes())
            .bytes(NeighbourMessage.NDA_LLADDR, neighbour.mac().bytes());
    if (neighbour.protocol() != 0) {
      out.u8(NeighbourMessage.NDA_PROTOCOL, neighbour.protocol());
    }
    return new Request(
        Rtnl.NEWNEIGH,
        NetlinkMessage.F_CREATE | NetlinkMessage.F_REPLACE,
        ByteView.of(out.toBytes()),
        NeighbourMessage.LAYOUT,
        true,
        "set neighbour",
        neighbour.ip() + " of index " + neighbour.index());
  }

  /** Forgets a neighbour. ENOENT if there is none. */
  public static Request delete(int index, IpAddress ip) {
    AttributeWriter out =
        NeighbourMessage.header(Rtnl.family(ip), index, 0, 0, 0)
            .bytes(NeighbourMessage.NDA_DST, ip.bytes());
    return new Request(
        Rtnl.DELNEIGH,
        0,
        ByteView.of(out.toBytes()),
        NeighbourMessage.LAYOUT,
        true,
        "delete neighbour",
        ip + " of index " + index);
  }

  /**
   * Has a device take in frames for a MAC, as {@code bridge fdb add … self}. No failure if it does
   * already.
   */
  public static Request accept(int index, MacAddress mac) {
    return self(Rtnl.NEWNEIGH, NetlinkMessage.F_CREATE, "take in frames", index, mac);
  }

  /** Ends what {@link #accept} began. ENOENT if the device does not take them in. */
  public static Request ignore(int index, MacAddress mac) {
    return self(Rtnl.DELNEIGH, 0, "take in no frames", index, mac);
  }

  private static Request self(int type, int flags, String what, int index, MacAddress mac) {
    AttributeWriter out =
        NeighbourMessage.header(
                Rtnl.AF_BRIDGE, index, NeighbourMessage.PERMANENT, NeighbourMessage.NTF_SELF, 0)
            .bytes(NeighbourMessage.NDA_LLADDR, mac.bytes());
    return new Request(
        type,
        flags,
        ByteView.of(out.toBytes()),
        NeighbourMessage.LAYOUT,
        true,
        what,
        "for " + mac + " by index " + index);
  }

  /** What bridges forward where, and what devices take in ({@link NeighbourMessage#isSelf}). */
  public static Request dumpFilters() {
    return new Request(
        Rtnl.GETNEIGH,
        0,
        ByteView.of(NeighbourMessage.header(Rtnl.AF_BRIDGE, 0, 0, 0, 0).toBytes()),
        NeighbourMessage.LAYOUT,
        false,
        "dump what devices take in",
        "");
  }

  /** All neighbours of both families; not the forwarding tables of bridges. */
  public static Request dump() {
    return new Request(
        Rtnl.GETNEIGH,
        0,
        ByteView.of(NeighbourMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0).toBytes()),
        NeighbourMessage.LAYOUT,
        false,
        "dump neighbours",
        "");
  }
}
