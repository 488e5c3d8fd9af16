package dev.sluice.core.netlink.route;

import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkMessage;

/** Requests about routes. */
public final class RouteRequests {

  private RouteRequests() {}

  /** Adds a route. EEXIST if there is one to that destination, in that table, of that metric. */
  public static Request add(NewRoute route) {
    return mutating(
        Rtnl.NEWROUTE,
        NetlinkMessage.F_CREATE | NetlinkMessage.F_EXCL,
        route,
        route.toBytes(),
        "add route");
  }

  /** Deletes the route that agrees in all that is said. ESRCH if there is none. */
  public static Request delete(NewRoute route) {
    return mutating(Rtnl.DELROUTE, 0, route, route.toBytesOfAnyScope(), "delete route");
  }

  private static Request mutating(
      int type, int flags, NewRoute route, byte[] payload, String operation) {
    return new Request(
        type, flags, ByteView.of(payload), RouteMessage.LAYOUT, true, operation, route.toString());
  }

  /** All routes of both families and all tables, but not the kernel's caches. */
  public static Request dump() {
    AttributeWriter out =
        new AttributeWriter()
            .header8(Rtnl.AF_UNSPEC)
            .header8(0)
            .header16(0)
            .header32(0)
            .header32(0);
    return new Request(
        Rtnl.GETROUTE,
        0,
        ByteView.of(out.toBytes()),
        RouteMessage.LAYOUT,
        false,
        "dump routes",
        "");
  }
}
