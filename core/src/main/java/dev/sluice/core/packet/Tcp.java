package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A TCP segment (RFC 9293).
 *
 * @param sequence 32 bits; negative values are those above 2^31
 * @param acknowledgement alike
 * @param flags a sum of {@link #FIN}, {@link #SYN}, {@link #RST}, {@link #PSH}, {@link #ACK} and
 *     others; 12 bits, with those that are reserved
 * @param urgent the urgent pointer
 * @param options raw, a multiple of 4 and at most 40 bytes
 * @param checksum empty: the right one
 */
public record Tcp(
    int sourcePort,
    int destinationPort,
    int sequence,
    int acknowledgement,
    int flags,
    int window,
    int urgent,
    Bytes options,
    Bytes payload,
    OptionalInt checksum)
    implements Layer4 {

  public static final int PROTOCOL = 6;
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int PSH = 0x08;
  public static final int ACK = 0x10;

  private static final int HEADER = 20;
  private static final int CHECKSUM_AT = 16;
  private static final int DEFAULT_WINDOW = 64240;

  public Tcp {
    if (options.length() % 4 != 0 || options.length() > 40) {
      throw new IllegalArgumentException(
          "TCP options have 0, 4, .. 40 bytes, not " + options.length());
    }
  }

  /** The segment that opens a connection. */
  public static Tcp syn(int sourcePort, int destinationPort, int sequence) {
    return of(sourcePort, destinationPort, sequence, 0, SYN, Bytes.EMPTY);
  }

  /** Any segment without options. */
  public static Tcp of(
      int sourcePort,
      int destinationPort,
      int sequence,
      int acknowledgement,
      int flags,
      Bytes payload) {
    return new Tcp(
        sourcePort,
        destinationPort,
        sequence,
        acknowledgement,
        flags,
        DEFAULT_WINDOW,
        0,
        Bytes.EMPTY,
        payload,
        OptionalInt.empty());
  }

  /** With that checksum, right or wrong. */
  public Tcp withChecksum(int newChecksum) {
    return new Tcp(
        sourcePort,
        destinationPort,
        sequence,
        acknowledgement,
        flags,
        window,
        urgent,
        options,
        payload,
        OptionalInt.of(newChecksum));
  }

  /** Whether all of {@code mask} are set. */
  public boolean has(int mask) {
    return (flags & mask) == mask;
  }

  @Override
  public int protocol() {
    return PROTOCOL;
  }

  @Override
  public byte[] encode(IpAddress source, IpAddress destination) {
    int headerLength = HEADER + options.length();
    byte[] out =
        ByteBuffer.allocate(headerLength + payload.length())
            .putShort((short) sourcePort)
            .putShort((short) destinationPort)
            .putInt(sequence)
            .putInt(acknowledgement)
            .putShort((short) ((headerLength / 4) << 12 | flags))
            .putShort((short) window)
            .putShort((short) 0)
            .putShort((short) urgent)
            .put(options.toArray())
            .put(payload.toArray())
            .array();
    int right = Checksums.ofSegment(out, PROTOCOL, new Checksums.Path(source, destination));
    return Checksums.put(out, CHECKSUM_AT, checksum, right);
  }

  static Tcp decode(byte[] data, Optional<Checksums.Path> path) {
    PacketReader in = new PacketReader("TCP", data);
    int sourcePort = in.u16();
    int destinationPort = in.u16();
    int sequence = (int) in.u32();
    int acknowledgement = (int) in.u32();
    int offsetAndFlags = in.u16();
    int window = in.u16();
    int checksum = in.u16();
    int urgent = in.u16();
    int headerLength = (offsetAndFlags >> 12) * 4;
    in.check(headerLength >= HEADER, "has a header of " + headerLength + " bytes");
    Bytes options = Bytes.of(in.take(headerLength - HEADER));
    return new Tcp(
        sourcePort,
        destinationPort,
        sequence,
        acknowledgement,
        offsetAndFlags & 0xfff,
        window,
        urgent,
        options,
        Bytes.of(in.rest()),
        path.map(
                p ->
                    Checksums.judged(
                        checksum,
                        Checksums.ofSegment(Checksums.without(data, CHECKSUM_AT), PROTOCOL, p)))
            .orElse(OptionalInt.of(checksum)));
  }
}
