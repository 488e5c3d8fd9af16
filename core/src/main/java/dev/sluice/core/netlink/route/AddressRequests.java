package dev.sluice.core.netlink.route;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkMessage;

/** Requests about addresses. */
public final class AddressRequests {

  /** Usable at once, and without a route to its subnet. */
  public static final int QUIET = AddressMessage.NODAD | AddressMessage.NOPREFIXROUTE;

  private AddressRequests() {}

  /**
   * An address of a link.
   *
   * @param flags {@link AddressMessage#NODAD} and the like
   * @param protocol the mark by which its maker knows it again; 0 for none
   */
  public record NewAddress(int index, IpAddress ip, int prefix, int flags, int protocol) {}

  /** Adds an address. EEXIST if the link has it. */
  public static Request add(NewAddress address) {
    AttributeWriter out = header(address.index(), address.ip(), address.prefix());
    out.u32(AddressMessage.IFA_FLAGS, address.flags());
    if (address.ip().isV4() && address.prefix() < 31) {
      out.bytes(AddressMessage.IFA_BROADCAST, broadcast(address));
    }
    if (address.protocol() != 0) {
      out.u8(AddressMessage.IFA_PROTO, address.protocol());
    }
    return new Request(
        Rtnl.NEWADDR,
        NetlinkMessage.F_CREATE | NetlinkMessage.F_EXCL,
        ByteView.of(out.toBytes()),
        AddressMessage.LAYOUT,
        true,
        "add address",
        object(address.index(), address.ip(), address.prefix()));
  }

  /** Deletes an address. EADDRNOTAVAIL if the link has no such one. */
  public static Request delete(int index, IpAddress ip, int prefix) {
    return new Request(
        Rtnl.DELADDR,
        0,
        ByteView.of(header(index, ip, prefix).toBytes()),
        AddressMessage.LAYOUT,
        true,
        "delete address",
        object(index, ip, prefix));
  }

  /** All addresses. */
  public static Request dump() {
    return new Request(
        Rtnl.GETADDR,
        0,
        ByteView.of(AddressMessage.header(Rtnl.AF_UNSPEC, 0, 0, 0, 0).toBytes()),
        AddressMessage.LAYOUT,
        false,
        "dump addresses",
        "");
  }

  private static AttributeWriter header(int index, IpAddress ip, int prefix) {
    return AddressMessage.header(Rtnl.family(ip), prefix, 0, 0, index)
        .bytes(AddressMessage.IFA_LOCAL, ip.bytes())
        .bytes(AddressMessage.IFA_ADDRESS, ip.bytes());
  }

  private static byte[] broadcast(NewAddress address) {
    long hosts = (1L << (32 - address.prefix())) - 1;
    return address.ip().mask(address.prefix()).plus(hosts).bytes();
  }

  private static String object(int index, IpAddress ip, int prefix) {
    return ip + "/" + prefix + " of index " + index;
  }
}
