package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.codec.ByteView;

/** Requests about the ids of namespaces. */
public final class NsIdRequests {

  private NsIdRequests() {}

  /** The id that the connection's namespace knows another by, given by a descriptor. */
  public static Request get(int netnsFd) {
    return new Request(
        Rtnl.GETNSID,
        0,
        ByteView.of(
            NsIdMessage.header(Rtnl.AF_UNSPEC).u32(NsIdMessage.NETNSA_FD, netnsFd).toBytes()),
        NsIdMessage.LAYOUT,
        false,
        "get id of namespace",
        "fd " + netnsFd);
  }
}
