package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An ICMP message of IPv4 (RFC 792).
 *
 * @param rest the four bytes after the checksum: identifier and sequence, next-hop MTU, ..
 * @param body what follows them: data of an echo, the packet that an error quotes
 * @param checksum empty: the right one
 */
public record Icmp(int type, int code, int rest, Bytes body, OptionalInt checksum)
    implements Layer4 {

  public static final int PROTOCOL = 1;
  public static final int ECHO_REPLY = 0;
  public static final int UNREACHABLE = 3;
  public static final int REDIRECT = 5;
  public static final int ECHO_REQUEST = 8;
  public static final int TIME_EXCEEDED = 11;

  /** Codes of {@link #UNREACHABLE}. */
  public static final int PORT_UNREACHABLE = 3;

  public static final int FRAGMENTATION_NEEDED = 4;

  /** The length of the header of every message. */
  public static final int HEADER = 8;

  private static final int CHECKSUM_AT = 2;

  /** An echo request; identifier and sequence have 16 bits. */
  public static Icmp echoRequest(int identifier, int sequence, Bytes data) {
    return new Icmp(ECHO_REQUEST, 0, identifier << 16 | sequence, data, OptionalInt.empty());
  }

  /** The answer to an echo request. */
  public static Icmp echoReply(int identifier, int sequence, Bytes data) {
    return new Icmp(ECHO_REPLY, 0, identifier << 16 | sequence, data, OptionalInt.empty());
  }

  /** An error about {@code packet}, of which 28 bytes are quoted: its header and 8 more. */
  public static Icmp error(int type, int code, int rest, Ipv4 packet) {
    Bytes whole = Bytes.of(packet.encode());
    Bytes quote = whole.slice(0, Math.min(whole.length(), Ipv4.HEADER + 8));
    return new Icmp(type, code, rest, quote, OptionalInt.empty());
  }

  /** With that checksum, right or wrong. */
  public Icmp withChecksum(int newChecksum) {
    return new Icmp(type, code, rest, body, OptionalInt.of(newChecksum));
  }

  /** Of an echo. */
  public int identifier() {
    return rest >>> 16;
  }

  /** Of an echo. */
  public int sequence() {
    return rest & 0xffff;
  }

  /** The packet that this error is about; empty for a message that is no error. */
  public Optional<Quote> quote() {
    return switch (type) {
      case UNREACHABLE, TIME_EXCEEDED -> Quote.of(body, false);
      default -> Optional.empty();
    };
  }

  @Override
  public int protocol() {
    return PROTOCOL;
  }

  /** The checksum covers no addresses: they do not matter here. */
  @Override
  public byte[] encode(IpAddress source, IpAddress destination) {
    byte[] out =
        ByteBuffer.allocate(HEADER + body.length())
            .put((byte) type)
            .put((byte) code)
            .putShort((short) 0)
            .putInt(rest)
            .put(body.toArray())
            .array();
    return Checksums.put(out, CHECKSUM_AT, checksum, Checksums.of(out));
  }

  static Icmp decode(byte[] data) {
    PacketReader in = new PacketReader("ICMP", data);
    int type = in.u8();
    int code = in.u8();
    int checksum = in.u16();
    int rest = (int) in.u32();
    int right = Checksums.of(Checksums.without(data, CHECKSUM_AT));
    return new Icmp(type, code, rest, Bytes.of(in.rest()), Checksums.judged(checksum, right));
  }
}
