package dev.sluice.core.netlink.route;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.netlink.codec.AttributeWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A route to add or delete.
 *
 * @param type {@link RouteMessage#UNICAST} and the like
 * @param link index of the link that it leaves by
 * @param protocol the mark by which its maker knows it again
 * @param priority the metric; 0: the kernel's default
 */
public record NewRoute(
    Cidr destination,
    int type,
    OptionalInt link,
    Optional<IpAddress> gateway,
    Optional<IpAddress> preferredSource,
    int table,
    int protocol,
    int priority) {

  private static final int PROTOCOL_STATIC = 4;
  private static final int SCOPE_UNIVERSE = 0;
  private static final int SCOPE_LINK = 253;
  private static final int SCOPE_NOWHERE = 255;

  /** To hosts that are themselves on the link. */
  public static NewRoute onLink(Cidr destination, int link) {
    return of(destination, RouteMessage.UNICAST, OptionalInt.of(link), Optional.empty());
  }

  /** To hosts behind a router on the link. */
  public static NewRoute via(Cidr destination, IpAddress gateway, int link) {
    return of(destination, RouteMessage.UNICAST, OptionalInt.of(link), Optional.of(gateway));
  }

  /** To nowhere: {@link RouteMessage#UNREACHABLE}, BLACKHOLE or PROHIBIT. */
  public static NewRoute denying(Cidr destination, int type) {
    return of(destination, type, OptionalInt.empty(), Optional.empty());
  }

  private static NewRoute of(
      Cidr destination, int type, OptionalInt link, Optional<IpAddress> gateway) {
    return new NewRoute(
        destination,
        type,
        link,
        gateway,
        Optional.empty(),
        RouteMessage.TABLE_MAIN,
        PROTOCOL_STATIC,
        0);
  }

  public NewRoute withTable(int number) {
    return new NewRoute(
        destination, type, link, gateway, preferredSource, number, protocol, priority);
  }

  public NewRoute withProtocol(int number) {
    return new NewRoute(destination, type, link, gateway, preferredSource, table, number, priority);
  }

  public NewRoute withPriority(int metric) {
    return new NewRoute(destination, type, link, gateway, preferredSource, table, protocol, metric);
  }

  public NewRoute withPreferredSource(IpAddress source) {
    return new NewRoute(
        destination, type, link, gateway, Optional.of(source), table, protocol, priority);
  }

  byte[] toBytes() {
    boolean onLink = type == RouteMessage.UNICAST && gateway.isEmpty() && destination.isV4();
    return toBytes(onLink ? SCOPE_LINK : SCOPE_UNIVERSE);
  }

  /** As a deletion names it, whatever its scope: what it leaves by may not be told. */
  byte[] toBytesOfAnyScope() {
    return toBytes(SCOPE_NOWHERE);
  }

  private byte[] toBytes(int scope) {
    AttributeWriter out =
        new AttributeWriter()
            .header8(Rtnl.family(destination))
            .header8(destination.prefix())
            .header8(0)
            .header8(0)
            .header8(table >= 0 && table < 256 ? table : 0)
            .header8(protocol)
            .header8(scope)
            .header8(type)
            .header32(0)
            .bytes(RouteMessage.RTA_DST, destination.address().bytes())
            .u32(RouteMessage.RTA_TABLE, table);
    link.ifPresent(index -> out.u32(RouteMessage.RTA_OIF, index));
    gateway.ifPresent(router -> writeGateway(router, out));
    preferredSource.ifPresent(source -> out.bytes(RouteMessage.RTA_PREFSRC, source.bytes()));
    if (priority != 0) {
      out.u32(RouteMessage.RTA_PRIORITY, priority);
    }
    return out.toBytes();
  }

  private void writeGateway(IpAddress router, AttributeWriter out) {
    if (router.isV4() == destination.isV4()) {
      out.bytes(RouteMessage.RTA_GATEWAY, router.bytes());
      return;
    }
    byte[] via = new byte[Short.BYTES + router.bytes().length];
    ByteBuffer.wrap(via)
        .order(ByteOrder.nativeOrder())
        .putShort((short) Rtnl.family(router))
        .put(router.bytes());
    out.bytes(RouteMessage.RTA_VIA, via);
  }

  /** {@code 10.0.2.0/24 in table 254}. */
  @Override
  public String toString() {
    return destination + " in table " + Integer.toUnsignedString(table);
  }
}
