package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An IPv6 packet (RFC 8200).
 *
 * @param extensions in the order on the wire
 */
public record Ipv6(
    IpAddress source,
    IpAddress destination,
    int trafficClass,
    int flowLabel,
    int hopLimit,
    List<ExtensionHeader> extensions,
    Layer4 payload)
    implements Layer3 {

  public static final int ETHER_TYPE = 0x86dd;

  /** The length of the fixed header. */
  public static final int HEADER = 40;

  private static final int DEFAULT_HOP_LIMIT = 64;
  private static final int FRAGMENT_HEADER = 8;

  public Ipv6 {
    extensions = List.copyOf(extensions);
  }

  /** A packet without extension headers, hop limit 64. */
  public static Ipv6 of(IpAddress source, IpAddress destination, Layer4 payload) {
    return new Ipv6(source, destination, 0, 0, DEFAULT_HOP_LIMIT, List.of(), payload);
  }

  /** Neighbour discovery is only believed with 255 (RFC 4861). */
  public Ipv6 withHopLimit(int newHopLimit) {
    return new Ipv6(source, destination, trafficClass, flowLabel, newHopLimit, extensions, payload);
  }

  public Ipv6 withExtensions(ExtensionHeader... newExtensions) {
    return new Ipv6(
        source, destination, trafficClass, flowLabel, hopLimit, List.of(newExtensions), payload);
  }

  /** This packet in fragments of at most {@code mtu} bytes each; each repeats the extensions. */
  public List<Ipv6> fragments(int mtu, int fragmentId) {
    Bytes whole = Bytes.of(payload.encode(source, destination));
    int step = (mtu - HEADER - FRAGMENT_HEADER - extensionLength()) / 8 * 8;
    if (step <= 0) {
      throw new IllegalArgumentException("no fragment fits into " + mtu + " bytes");
    }
    List<Ipv6> fragments = new ArrayList<>();
    for (int offset = 0; offset < whole.length(); offset += step) {
      int end = Math.min(whole.length(), offset + step);
      ExtensionHeader fragment =
          new ExtensionHeader.Fragment(offset, end < whole.length(), fragmentId);
      fragments.add(
          new Ipv6(
              source,
              destination,
              trafficClass,
              flowLabel,
              hopLimit,
              Stream.concat(extensions.stream(), Stream.of(fragment)).toList(),
              new Layer4.Opaque(payload.protocol(), whole.slice(offset, end))));
    }
    return fragments;
  }

  private int extensionLength() {
    return extensions.stream().mapToInt(e -> e.encode(0).length).sum();
  }

  @Override
  public int etherType() {
    return ETHER_TYPE;
  }

  @Override
  public byte[] encode() {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (int i = 0; i < extensions.size(); i++) {
      body.writeBytes(extensions.get(i).encode(typeAt(i + 1)));
    }
    body.writeBytes(payload.encode(source, destination));
    return ByteBuffer.allocate(HEADER + body.size())
        .putInt((6 << 28) | (trafficClass << 20) | flowLabel)
        .putShort((short) body.size())
        .put((byte) typeAt(0))
        .put((byte) hopLimit)
        .put(source.bytes())
        .put(destination.bytes())
        .put(body.toByteArray())
        .array();
  }

  private int typeAt(int index) {
    return index < extensions.size() ? extensions.get(index).type() : payload.protocol();
  }

  /**
   * Reads a packet from its IP header on. Bytes after its length are padding; a fragment's payload
   * stays opaque, and so do protocols that this package does not know.
   *
   * @throws MalformedPacketException it is no whole IPv6 packet
   */
  public static Ipv6 decode(byte[] data) {
    PacketReader in = new PacketReader("IPv6", data);
    long first = in.u32();
    in.check(first >> 28 == 6, "has version " + (first >> 28));
    in.limit(HEADER + in.u16());
    int next = in.u8();
    int hopLimit = in.u8();
    IpAddress source = in.ip(16);
    IpAddress destination = in.ip(16);
    List<ExtensionHeader> extensions = new ArrayList<>();
    boolean fragment = false;
    while (!fragment && isExtension(next)) {
      int type = next;
      next = in.u8();
      ExtensionHeader extension = readExtension(in, type);
      extensions.add(extension);
      fragment = extension instanceof ExtensionHeader.Fragment f && (f.more() || f.offset() > 0);
    }
    Layer4 payload =
        fragment
            ? new Layer4.Opaque(next, Bytes.of(in.rest()))
            : Layer4.decode(next, in.rest(), source, destination);
    return new Ipv6(
        source,
        destination,
        (int) (first >> 20) & 0xff,
        (int) first & 0xfffff,
        hopLimit,
        extensions,
        payload);
  }

  private static boolean isExtension(int header) {
    return switch (header) {
      case ExtensionHeader.HOP_BY_HOP,
          ExtensionHeader.ROUTING,
          ExtensionHeader.FRAGMENT,
          ExtensionHeader.DESTINATION_OPTIONS ->
          true;
      default -> false;
    };
  }

  private static ExtensionHeader readExtension(PacketReader in, int type) {
    if (type == ExtensionHeader.FRAGMENT) {
      in.u8();
      int offsetAndFlags = in.u16();
      return new ExtensionHeader.Fragment(
          offsetAndFlags & 0xfff8, (offsetAndFlags & 1) != 0, (int) in.u32());
    }
    int units = in.u8();
    return new ExtensionHeader.Options(type, Bytes.of(in.take(6 + 8 * units)));
  }
}
