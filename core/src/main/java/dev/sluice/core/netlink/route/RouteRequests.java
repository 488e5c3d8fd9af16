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

  /** Adds a route, or puts it in the place of the one that {@link #add} would fail at. */
  public static Request replace(NewRoute route) {
    return mutating(
        Rtnl.NEWROUTE,
        NetlinkMessage.F_CREATE | NetlinkMessage.F_REPLACE,
        route,
        route.toBytes(),
        "set route");
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
    return reading(dumpHeader(Rtnl.AF_UNSPEC), "");
  }

  /** All routes of one table and family; ENOENT if the kernel has no such table. */
  public static Request dumpTable(boolean v4, int table) {
    AttributeWriter out = dumpHeader(v4 ? Rtnl.AF_INET : Rtnl.AF_INET6);
    return reading(
        out.u32(RouteMessage.RTA_TABLE, table), "of table " + Integer.toUnsignedString(table));
  }

  private static AttributeWriter dumpHeader(int family) {
    return new AttributeWriter().header8(family).header8(0).header16(0).header32(0).header32(0);
  }

  private static Request reading(AttributeWriter out, String object) {
    return new Request(
        Rtnl.GETROUTE,
        0,
        ByteView.of(out.toBytes()),
        RouteMessage.LAYOUT,
        false,
        "dump routes",
        object);
  }
}
