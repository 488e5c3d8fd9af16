package dev.sluice.bpf.render;

import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes a {@link Layout}, field by field, as the machine has them in memory. */
public final class Bytes {

  private static final byte[] V4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};

  private final Layout layout;
  private final ByteBuffer buffer;
  private final SortedMap<Integer, String> links = new TreeMap<>();

  private Bytes(Layout layout) {
    this.layout = layout;
    this.buffer = ByteBuffer.allocate(layout.size()).order(ByteOrder.nativeOrder());
  }

  /** A structure whose fields are zero until they are written. */
  public static Bytes of(Layout layout) {
    return new Bytes(layout);
  }

  /** A {@code __u32} alone. */
  public static MapValue u32Of(int value) {
    return MapValue.of(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array());
  }

  /** A {@code __u64} alone. */
  public static MapValue u64Of(long value) {
    return MapValue.of(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder()).putLong(value).array());
  }

  /** The ifindex of a link of the node alone, a {@code __u32}. */
  public static MapValue linkOf(String name) {
    return MapValue.of(new byte[Integer.BYTES], new TreeMap<>(Map.of(0, name)));
  }

  /** A {@code struct address} alone. */
  public static MapValue addressOf(IpAddress ip) {
    return MapValue.of(mapped(ip));
  }

  /** An address as all of them are written: IPv4 mapped into IPv6 (RFC 4291). */
  public static byte[] mapped(IpAddress ip) {
    return ip.isV4()
        ? ByteBuffer.allocate(Layout.ADDRESS.size()).put(V4_MAPPED).put(ip.bytes()).array()
        : ip.bytes();
  }

  public Bytes u8(String field, int value) {
    buffer.put(layout.offset(field, Byte.BYTES), (byte) value);
    return this;
  }

  public Bytes u16(String field, int value) {
    buffer.putShort(layout.offset(field, Short.BYTES), (short) value);
    return this;
  }

  /** In network order. */
  public Bytes be16(String field, int value) {
    int at = layout.offset(field, Short.BYTES);
    buffer.put(at, (byte) (value >> Byte.SIZE)).put(at + 1, (byte) value);
    return this;
  }

  public Bytes u32(String field, int value) {
    buffer.putInt(layout.offset(field, Integer.BYTES), value);
    return this;
  }

  public Bytes u64(String field, long value) {
    buffer.putLong(layout.offset(field, Long.BYTES), value);
    return this;
  }

  /** An array of {@code __u32}. */
  public Bytes u32s(String field, int... values) {
    int at = layout.offset(field, values.length * Integer.BYTES);
    buffer.slice(at, values.length * Integer.BYTES).order(buffer.order()).asIntBuffer().put(values);
    return this;
  }

  /** An array of {@code __u64}. */
  public Bytes u64s(String field, long... values) {
    int at = layout.offset(field, values.length * Long.BYTES);
    buffer.slice(at, values.length * Long.BYTES).order(buffer.order()).asLongBuffer().put(values);
    return this;
  }

  public Bytes bytes(String field, byte[] value) {
    buffer.put(layout.offset(field, value.length), value);
    return this;
  }

  public Bytes address(String field, IpAddress ip) {
    buffer.put(layout.offset(field, Layout.ADDRESS.size()), mapped(ip));
    return this;
  }

  public Bytes mac(String field, MacAddress mac) {
    byte[] bytes = mac.bytes();
    buffer.put(layout.offset(field, bytes.length), bytes);
    return this;
  }

  /** The ifindex of a link of the node, as a {@code __u32}. */
  public Bytes link(String field, String name) {
    links.put(layout.offset(field, Integer.BYTES), name);
    return this;
  }

  public MapValue value() {
    return MapValue.of(buffer.array(), links);
  }
}
