package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * An SCTP packet (RFC 9260).
 *
 * @param verificationTag 0 in a packet with an INIT chunk
 * @param chunks raw, each padded to a multiple of 4 bytes
 * @param checksum the CRC32c as a number; empty: the right one
 */
public record Sctp(
    int sourcePort, int destinationPort, int verificationTag, Bytes chunks, OptionalInt checksum)
    implements Layer4 {

  public static final int PROTOCOL = 132;

  /** The type of the chunk that opens an association. */
  public static final int INIT = 1;

  private static final int HEADER = 12;
  private static final int CHECKSUM_AT = 8;
  private static final int INIT_LENGTH = 20;
  private static final int RECEIVE_WINDOW = 65536;

  /** A packet with one INIT chunk: ten streams each way, the first TSN equal to the tag. */
  public static Sctp init(int sourcePort, int destinationPort, int initiateTag) {
    byte[] chunk =
        ByteBuffer.allocate(INIT_LENGTH)
            .put((byte) INIT)
            .put((byte) 0)
            .putShort((short) INIT_LENGTH)
            .putInt(initiateTag)
            .putInt(RECEIVE_WINDOW)
            .putShort((short) 10)
            .putShort((short) 10)
            .putInt(initiateTag)
            .array();
    return new Sctp(sourcePort, destinationPort, 0, Bytes.of(chunk), OptionalInt.empty());
  }

  /** With that checksum, right or wrong. */
  public Sctp withChecksum(int newChecksum) {
    return new Sctp(
        sourcePort, destinationPort, verificationTag, chunks, OptionalInt.of(newChecksum));
  }

  @Override
  public int protocol() {
    return PROTOCOL;
  }

  /** The checksum covers no addresses: they do not matter here. */
  @Override
  public byte[] encode(IpAddress source, IpAddress destination) {
    byte[] out =
        ByteBuffer.allocate(HEADER + chunks.length())
            .putShort((short) sourcePort)
            .putShort((short) destinationPort)
            .putInt(verificationTag)
            .putInt(0)
            .put(chunks.toArray())
            .array();
    littleEndian(out).putInt(CHECKSUM_AT, checksum.orElse(crc(out)));
    return out;
  }

  static Sctp decode(byte[] data) {
    PacketReader in = new PacketReader("SCTP", data);
    int sourcePort = in.u16();
    int destinationPort = in.u16();
    int tag = (int) in.u32();
    in.u32();
    byte[] zeroed = data.clone();
    ByteBuffer.wrap(zeroed).putInt(CHECKSUM_AT, 0);
    return new Sctp(
        sourcePort,
        destinationPort,
        tag,
        Bytes.of(in.rest()),
        Checksums.judged(littleEndian(data).getInt(CHECKSUM_AT), crc(zeroed)));
  }

  /** The CRC goes out low byte first (RFC 9260, appendix A). */
  private static ByteBuffer littleEndian(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int crc(byte[] packet) {
    CRC32C crc = new CRC32C();
    crc.update(packet);
    return (int) crc.getValue();
  }
}
