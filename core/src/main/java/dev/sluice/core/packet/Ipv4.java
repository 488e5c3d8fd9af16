package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * An IPv4 packet (RFC 791).
 *
 * @param tos the DSCP and ECN byte
 * @param id tells the fragments of one packet from those of another
 * @param fragmentOffset in bytes, a multiple of 8
 * @param options raw, a multiple of 4 and at most 40 bytes
 * @param checksum of the header; empty: the right one
 */
public record Ipv4(
    IpAddress source,
    IpAddress destination,
    int tos,
    int id,
    boolean dontFragment,
    boolean moreFragments,
    int fragmentOffset,
    int ttl,
    Bytes options,
    Layer4 payload,
    OptionalInt checksum)
    implements Layer3 {

  public static final int ETHER_TYPE = 0x0800;

  /** The length of a header without options. */
  public static final int HEADER = 20;

  private static final int DEFAULT_TTL = 64;
  private static final int CHECKSUM_AT = 10;

  public Ipv4 {
    if (options.length() % 4 != 0 || options.length() > 40) {
      throw new IllegalArgumentException(
          "IPv4 options have 0, 4, .. 40 bytes, not " + options.length());
    }
    if (fragmentOffset % 8 != 0) {
      throw new IllegalArgumentException(fragmentOffset + " is no multiple of 8");
    }
  }

  /** A whole packet that may be fragmented, TTL 64. */
  public static Ipv4 of(IpAddress source, IpAddress destination, Layer4 payload) {
    return new Ipv4(
        source,
        destination,
        0,
        0,
        false,
        false,
        0,
        DEFAULT_TTL,
        Bytes.EMPTY,
        payload,
        OptionalInt.empty());
  }

  public Ipv4 withTtl(int newTtl) {
    return new Ipv4(
        source,
        destination,
        tos,
        id,
        dontFragment,
        moreFragments,
        fragmentOffset,
        newTtl,
        options,
        payload,
        checksum);
  }

  /** With the DF bit: a router that cannot forward it whole drops it and says so. */
  public Ipv4 withDontFragment() {
    return new Ipv4(
        source,
        destination,
        tos,
        id,
        true,
        moreFragments,
        fragmentOffset,
        ttl,
        options,
        payload,
        checksum);
  }

  public Ipv4 withOptions(Bytes newOptions) {
    return new Ipv4(
        source,
        destination,
        tos,
        id,
        dontFragment,
        moreFragments,
        fragmentOffset,
        ttl,
        newOptions,
        payload,
        checksum);
  }

  /** With that header checksum, right or wrong; a raw socket overwrites it (raw(7)). */
  public Ipv4 withChecksum(int newChecksum) {
    return new Ipv4(
        source,
        destination,
        tos,
        id,
        dontFragment,
        moreFragments,
        fragmentOffset,
        ttl,
        options,
        payload,
        OptionalInt.of(newChecksum));
  }

  /** This packet in fragments of at most {@code mtu} bytes each, under the given id. */
  public List<Ipv4> fragments(int mtu, int fragmentId) {
    Bytes whole = Bytes.of(payload.encode(source, destination));
    int step = (mtu - HEADER - options.length()) / 8 * 8;
    if (step <= 0) {
      throw new IllegalArgumentException("no fragment fits into " + mtu + " bytes");
    }
    List<Ipv4> fragments = new ArrayList<>();
    for (int offset = 0; offset < whole.length(); offset += step) {
      int end = Math.min(whole.length(), offset + step);
      fragments.add(
          new Ipv4(
              source,
              destination,
              tos,
              fragmentId,
              false,
              end < whole.length(),
              offset,
              ttl,
              options,
              new Layer4.Opaque(payload.protocol(), whole.slice(offset, end)),
              OptionalInt.empty()));
    }
    return fragments;
  }

  public boolean isFragment() {
    return moreFragments || fragmentOffset > 0;
  }

  @Override
  public int etherType() {
    return ETHER_TYPE;
  }

  @Override
  public byte[] encode() {
    byte[] body = payload.encode(source, destination);
    int headerLength = HEADER + options.length();
    int flags = (dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0);
    byte[] header =
        ByteBuffer.allocate(headerLength)
            .put((byte) (0x40 | headerLength / 4))
            .put((byte) tos)
            .putShort((short) (headerLength + body.length))
            .putShort((short) id)
            .putShort((short) (flags | fragmentOffset / 8))
            .put((byte) ttl)
            .put((byte) payload.protocol())
            .putShort((short) 0)
            .put(source.bytes())
            .put(destination.bytes())
            .put(options.toArray())
            .array();
    Checksums.put(header, CHECKSUM_AT, checksum, Checksums.of(header));
    return ByteBuffer.allocate(headerLength + body.length).put(header).put(body).array();
  }

  /**
   * Reads a packet from its IP header on. Bytes after its total length are padding; a fragment's
   * payload stays opaque.
   *
   * @throws MalformedPacketException it is no whole IPv4 packet
   */
  public static Ipv4 decode(byte[] data) {
    PacketReader in = new PacketReader("IPv4", data);
    int first = in.u8();
    in.check(first >> 4 == 4, "has version " + (first >> 4));
    int headerLength = (first & 0xf) * 4;
    in.check(headerLength >= HEADER, "has a header of " + headerLength + " bytes");
    int tos = in.u8();
    int length = in.u16();
    in.check(length >= headerLength, "is shorter than its header");
    in.limit(length);
    int id = in.u16();
    int flags = in.u16();
    int ttl = in.u8();
    int protocol = in.u8();
    int checksum = in.u16();
    IpAddress source = in.ip(4);
    IpAddress destination = in.ip(4);
    Bytes options = Bytes.of(in.take(headerLength - HEADER));
    byte[] header = Bytes.of(data).slice(0, headerLength).toArray();
    boolean more = (flags & 0x2000) != 0;
    int offset = (flags & 0x1fff) * 8;
    Layer4 payload =
        more || offset > 0
            ? new Layer4.Opaque(protocol, Bytes.of(in.rest()))
            : Layer4.decode(protocol, in.rest(), source, destination);
    return new Ipv4(
        source,
        destination,
        tos,
        id,
        (flags & 0x4000) != 0,
        more,
        offset,
        ttl,
        options,
        payload,
        Checksums.judged(checksum, Checksums.of(Checksums.without(header, CHECKSUM_AT))));
  }
}
