package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A UDP datagram (RFC 768).
 *
 * @param checksum empty: the right one; 0: none, which only IPv4 allows
 */
public record Udp(int sourcePort, int destinationPort, Bytes payload, OptionalInt checksum)
    implements Layer4 {

  public static final int PROTOCOL = 17;

  private static final int HEADER = 8;
  private static final int CHECKSUM_AT = 6;

  public static Udp of(int sourcePort, int destinationPort, Bytes payload) {
    return new Udp(sourcePort, destinationPort, payload, OptionalInt.empty());
  }

  /** With that checksum, right or wrong. */
  public Udp withChecksum(int newChecksum) {
    return new Udp(sourcePort, destinationPort, payload, OptionalInt.of(newChecksum));
  }

  @Override
  public int protocol() {
    return PROTOCOL;
  }

  @Override
  public byte[] encode(IpAddress source, IpAddress destination) {
    byte[] out =
        ByteBuffer.allocate(HEADER + payload.length())
            .putShort((short) sourcePort)
            .putShort((short) destinationPort)
            .putShort((short) (HEADER + payload.length()))
            .putShort((short) 0)
            .put(payload.toArray())
            .array();
    return Checksums.put(
        out, CHECKSUM_AT, checksum, right(out, new Checksums.Path(source, destination)));
  }

  private static int right(byte[] datagram, Checksums.Path path) {
    int sum = Checksums.ofSegment(datagram, PROTOCOL, path);
    // Zero stands for no checksum.
    return sum == 0 ? 0xffff : sum;
  }

  static Udp decode(byte[] data, Optional<Checksums.Path> path) {
    PacketReader in = new PacketReader("UDP", data);
    int sourcePort = in.u16();
    int destinationPort = in.u16();
    int length = in.u16();
    int checksum = in.u16();
    in.check(length == data.length, "says " + length + " bytes, has " + data.length);
    return new Udp(
        sourcePort,
        destinationPort,
        Bytes.of(in.rest()),
        path.map(p -> Checksums.judged(checksum, right(Checksums.without(data, CHECKSUM_AT), p)))
            .orElse(OptionalInt.of(checksum)));
  }
}
