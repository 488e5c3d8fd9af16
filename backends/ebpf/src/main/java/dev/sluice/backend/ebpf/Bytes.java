package dev.sluice.backend.ebpf;

import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes a structure of {@code bpf/src/main/bpf/include/maps.h}, field by field, as the machine has
 * them in memory.
 */
final class Bytes {

  private static final int ADDRESS = 16;
  private static final byte[] V4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

  private final ByteBuffer buffer;
  private final SortedMap<Integer, String> links = new TreeMap<>();

  private Bytes(int size) {
    this.buffer = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  /** A structure of {@code size} bytes. */
  static Bytes of(int size) {
    return new Bytes(size);
  }

  /** A {@code __u32} alone. */
  static MapValue u32Of(int value) {
    return of(Integer.BYTES).u32(value).value();
  }

  /** A {@code __u64} alone. */
  static MapValue u64Of(long value) {
    return of(Long.BYTES).u64(value).value();
  }

  /** An address as all of them are written: IPv4 mapped into IPv6 (RFC 4291). */
  static byte[] mapped(IpAddress ip) {
    byte[] out = new byte[ADDRESS];
    if (ip.isV4()) {
      System.arraycopy(V4_MAPPED, 0, out, 0, V4_MAPPED.length);
      System.arraycopy(ip.bytes(), 0, out, V4_MAPPED.length, ip.bytes().length);
    } else {
      System.arraycopy(ip.bytes(), 0, out, 0, ADDRESS);
    }
    return out;
  }

  Bytes u8(int value) {
    buffer.put((byte) value);
    return this;
  }

  Bytes u16(int value) {
    buffer.putShort((short) value);
    return this;
  }

  /** In network order. */
  Bytes be16(int value) {
    return u8(value >> Byte.SIZE).u8(value);
  }

  Bytes u32(int value) {
    buffer.putInt(value);
    return this;
  }

  Bytes u64(long value) {
    buffer.putLong(value);
    return this;
  }

  Bytes address(IpAddress ip) {
    buffer.put(mapped(ip));
    return this;
  }

  Bytes mac(MacAddress mac) {
    buffer.put(mac.bytes());
    return this;
  }

  /** The ifindex of a link of the node, as a {@code __u32}. */
  Bytes link(String name) {
    links.put(buffer.position(), name);
    return u32(0);
  }

  /** Zeros to the end. */
  MapValue value() {
    return MapValue.of(buffer.array(), links);
  }
}
