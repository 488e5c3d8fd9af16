package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import java.util.Optional;

/**
 * The packet that an ICMP error quotes, cut off where the sender of the error cut it.
 *
 * @param payload what follows the quoted IP header, at least 8 bytes of it from a router that keeps
 *     RFC 792
 */
public record Quote(IpAddress source, IpAddress destination, int protocol, Bytes payload) {

  /** The packet that {@code body} begins; empty if it begins none, or one with extensions. */
  static Optional<Quote> of(Bytes body, boolean v6) {
    try {
      PacketReader in = new PacketReader("quoted packet", body.toArray());
      return Optional.of(v6 ? v6(in) : v4(in));
    } catch (MalformedPacketException e) {
      return Optional.empty();
    }
  }

  private static Quote v4(PacketReader in) {
    int first = in.u8();
    int headerLength = (first & 0xf) * 4;
    in.check(first >> 4 == 4 && headerLength >= Ipv4.HEADER, "is not IPv4");
    in.take(8);
    int protocol = in.u8();
    in.u16();
    IpAddress source = in.ip(4);
    IpAddress destination = in.ip(4);
    in.take(headerLength - Ipv4.HEADER);
    return new Quote(source, destination, protocol, Bytes.of(in.rest()));
  }

  private static Quote v6(PacketReader in) {
    in.check(in.u32() >> 28 == 6, "is not IPv6");
    in.u16();
    int protocol = in.u8();
    in.u8();
    return new Quote(in.ip(16), in.ip(16), protocol, Bytes.of(in.rest()));
  }
}
