package dev.sluice.bpf.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Bytes of a key or value of a map, in which ifindexes of the node's links stand at some places: 4
 * bytes each, in the machine's order. What the bytes themselves have there is of no meaning, and is
 * zero.
 */
public final class MapValue implements Comparable<MapValue> {

  private static final int IFINDEX = 4;

  private final byte[] bytes;
  private final SortedMap<Integer, String> links;

  private MapValue(byte[] bytes, SortedMap<Integer, String> links) {
    this.bytes = bytes;
    this.links = links;
  }

  /** Bytes without an ifindex. */
  public static MapValue of(byte[] bytes) {
    return new MapValue(bytes.clone(), Collections.emptySortedMap());
  }

  /** {@code links}: the name of a link by the offset of its ifindex. */
  public static MapValue of(byte[] bytes, SortedMap<Integer, String> links) {
    byte[] copy = bytes.clone();
    links.keySet().forEach(at -> Arrays.fill(copy, at, at + IFINDEX, (byte) 0));
    return new MapValue(copy, Collections.unmodifiableSortedMap(new TreeMap<>(links)));
  }

  /** Nothing: the value of a counter, which is the kernel's. */
  public static MapValue none() {
    return of(new byte[0]);
  }

  /** A copy. */
  public byte[] bytes() {
    return bytes.clone();
  }

  int length() {
    return bytes.length;
  }

  void putInto(ByteBuffer out) {
    out.put(bytes);
  }

  /** The name of a link by the offset of its ifindex. */
  public SortedMap<Integer, String> links() {
    return links;
  }

  @Override
  public int compareTo(MapValue other) {
    int byBytes = Arrays.compareUnsigned(bytes, other.bytes);
    if (byBytes != 0 || (links.isEmpty() && other.links.isEmpty())) {
      return byBytes;
    }
    return links.toString().compareTo(other.links.toString());
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof MapValue that
        && Arrays.equals(bytes, that.bytes)
        && links.equals(that.links);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + links.hashCode();
  }

  /** Hexadecimal, with the links and where they stand. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes) + (links.isEmpty() ? "" : links);
  }
}
