package dev.sluice.core.netlink.route;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkDecodeException;

/** Numbers that all of rtnetlink shares (linux/rtnetlink.h). */
final class Rtnl {

  static final int NEWLINK = 16;
  static final int DELLINK = 17;
  static final int GETLINK = 18;
  static final int SETLINK = 19;
  static final int NEWADDR = 20;
  static final int DELADDR = 21;
  static final int GETADDR = 22;
  static final int NEWROUTE = 24;
  static final int DELROUTE = 25;
  static final int GETROUTE = 26;
  static final int NEWNEIGH = 28;
  static final int DELNEIGH = 29;
  static final int GETNEIGH = 30;
  static final int NEWRULE = 32;
  static final int DELRULE = 33;
  static final int GETRULE = 34;
  static final int NEWQDISC = 36;
  static final int NEWTFILTER = 44;
  static final int DELTFILTER = 45;
  static final int GETTFILTER = 46;
  static final int GETNSID = 90;

  static final int AF_UNSPEC = 0;
  static final int AF_INET = 2;
  static final int AF_BRIDGE = 7;
  static final int AF_INET6 = 10;

  private Rtnl() {}

  static int family(IpAddress address) {
    return address.isV4() ? AF_INET : AF_INET6;
  }

  static int family(Cidr block) {
    return family(block.address());
  }

  /** An address of 4 or 16 bytes; {@code what} is named if it is neither. */
  static IpAddress ip(ByteView bytes, String what) {
    if (bytes.length() != 4 && bytes.length() != 16) {
      throw new NetlinkDecodeException(what + " of " + bytes.length() + " bytes, not 4 or 16");
    }
    return IpAddress.of(bytes.toByteArray());
  }

  /** The block that an address and a prefix length stand for, host bits cleared. */
  static Cidr cidr(IpAddress address, int prefix, String what) {
    if (prefix > address.bits()) {
      throw new NetlinkDecodeException(what + " with a prefix of " + prefix + " bits");
    }
    return new Cidr(address.mask(prefix), prefix);
  }
}
