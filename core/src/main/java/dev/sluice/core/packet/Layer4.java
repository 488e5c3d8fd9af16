package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import java.util.Optional;

/** What an IP packet carries. */
public sealed interface Layer4 permits Tcp, Udp, Sctp, Icmp, Icmpv6, Layer4.Opaque {

  /** The IP protocol number that announces it (IANA). */
  int protocol();

  /** The bytes on the wire; the addresses are those of the checksum's pseudo-header. */
  byte[] encode(IpAddress source, IpAddress destination);

  /**
   * Reads the payload of a whole IP packet. A checksum that is right is left out of the record; a
   * wrong one is kept.
   *
   * @throws MalformedPacketException it is not what its protocol number says
   */
  static Layer4 decode(int protocol, byte[] data, IpAddress source, IpAddress destination) {
    return decode(protocol, data, Optional.of(new Checksums.Path(source, destination)));
  }

  /**
   * As the other, where the addresses are not known, as on an IPv6 raw socket: a checksum that
   * covers them cannot be judged and is kept as found.
   */
  static Layer4 decode(int protocol, byte[] data) {
    return decode(protocol, data, Optional.empty());
  }

  private static Layer4 decode(int protocol, byte[] data, Optional<Checksums.Path> path) {
    return switch (protocol) {
      case Tcp.PROTOCOL -> Tcp.decode(data, path);
      case Udp.PROTOCOL -> Udp.decode(data, path);
      case Sctp.PROTOCOL -> Sctp.decode(data);
      case Icmp.PROTOCOL -> Icmp.decode(data);
      case Icmpv6.PROTOCOL -> Icmpv6.decode(data, path);
      default -> new Opaque(protocol, Bytes.of(data));
    };
  }

  /** Another protocol, a fragment, or something that is deliberately malformed. */
  record Opaque(int protocol, Bytes content) implements Layer4 {
    @Override
    public byte[] encode(IpAddress source, IpAddress destination) {
      return content.toArray();
    }
  }
}
