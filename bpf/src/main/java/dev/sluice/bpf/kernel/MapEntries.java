package dev.sluice.bpf.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Keys and values of a map, from the least key on: one behind the other, as the kernel takes many
 * at once, for there may be tens of thousands. All keys are of one length, and all values.
 * Immutable.
 */
public final class MapEntries {

  private final int size;
  private final int keyLength;
  private final int valueLength;
  private final byte[] keys;
  private final byte[] values;

  /** The name of a link by where among all keys, or values, its ifindex stands. */
  private final SortedMap<Integer, String> keyLinks;

  private final SortedMap<Integer, String> valueLinks;

  private MapEntries(
      int size,
      byte[] keys,
      byte[] values,
      SortedMap<Integer, String> keyLinks,
      SortedMap<Integer, String> valueLinks) {
    this.size = size;
    this.keyLength = size == 0 ? 0 : keys.length / size;
    this.valueLength = size == 0 ? 0 : values.length / size;
    this.keys = keys;
    this.values = values;
    this.keyLinks = Collections.unmodifiableSortedMap(keyLinks);
    this.valueLinks = Collections.unmodifiableSortedMap(valueLinks);
  }

  /** Those of {@code entries}. */
  public static MapEntries of(SortedMap<MapValue, MapValue> entries) {
    SortedMap<Integer, String> keyLinks = new TreeMap<>();
    SortedMap<Integer, String> valueLinks = new TreeMap<>();
    byte[] keys = joined(entries.keySet(), keyLinks);
    byte[] values = joined(entries.values(), valueLinks);
    return new MapEntries(entries.size(), keys, values, keyLinks, valueLinks);
  }

  private static byte[] joined(Collection<MapValue> parts, SortedMap<Integer, String> links) {
    int length = parts.stream().findFirst().map(MapValue::length).orElse(0);
    ByteBuffer out = ByteBuffer.allocate(parts.size() * length);
    for (MapValue part : parts) {
      if (part.length() != length) {
        throw new IllegalArgumentException("not %d bytes: %s".formatted(length, part));
      }
      part.links().forEach((at, link) -> links.put(out.position() + at, link));
      part.putInto(out);
    }
    return out.array();
  }

  /** {@code size} entries in any order, without links; of two with one key it may be either. */
  public static MapEntries of(int size, byte[] keys, byte[] values) {
    MapEntries given =
        new MapEntries(
            size, keys, values, Collections.emptySortedMap(), Collections.emptySortedMap());
    Integer[] order = new Integer[size];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, b) -> given.compareKeys(a, given, b));
    int[] which =
        IntStream.range(0, size)
            .filter(i -> i == 0 || given.compareKeys(order[i - 1], given, order[i]) != 0)
            .map(i -> order[i])
            .toArray();
    return new MapEntries(
        which.length,
        given.keys(which),
        given.values(which),
        Collections.emptySortedMap(),
        Collections.emptySortedMap());
  }

  public int size() {
    return size;
  }

  /** The key of the entry of that number, from 0. */
  public MapValue key(int entry) {
    return MapValue.of(
        Arrays.copyOfRange(keys, entry * keyLength, (entry + 1) * keyLength),
        within(keyLinks, entry * keyLength, keyLength));
  }

  /** The value of the entry of that number. */
  public MapValue value(int entry) {
    return MapValue.of(
        Arrays.copyOfRange(values, entry * valueLength, (entry + 1) * valueLength),
        within(valueLinks, entry * valueLength, valueLength));
  }

  public boolean contains(MapValue key) {
    return IntStream.range(0, size).anyMatch(entry -> key(entry).equals(key));
  }

  private static SortedMap<Integer, String> within(
      SortedMap<Integer, String> links, int from, int length) {
    SortedMap<Integer, String> out = new TreeMap<>();
    links.subMap(from, from + length).forEach((at, link) -> out.put(at - from, link));
    return out;
  }

  /** The links whose ifindex stands somewhere. */
  public Set<String> links() {
    Set<String> out = new TreeSet<>(keyLinks.values());
    out.addAll(valueLinks.values());
    return out;
  }

  /** With the ifindexes, and without links; {@code indexes} is asked for each link. */
  public MapEntries resolve(Function<String, OptionalInt> indexes) {
    return keyLinks.isEmpty() && valueLinks.isEmpty()
        ? this
        : of(size, resolve(keys, keyLinks, indexes), resolve(values, valueLinks, indexes));
  }

  private static byte[] resolve(
      byte[] bytes, SortedMap<Integer, String> links, Function<String, OptionalInt> indexes) {
    byte[] out = bytes.clone();
    ByteBuffer fields = ByteBuffer.wrap(out).order(ByteOrder.nativeOrder());
    links.forEach((at, link) -> fields.putInt(at, indexes.apply(link).orElse(-1)));
    return out;
  }

  /** As {@link Comparable}, of the bytes of two keys. */
  int compareKeys(int entry, MapEntries other, int otherEntry) {
    return Arrays.compareUnsigned(
        keys,
        entry * keyLength,
        (entry + 1) * keyLength,
        other.keys,
        otherEntry * other.keyLength,
        (otherEntry + 1) * other.keyLength);
  }

  boolean equalValues(int entry, MapEntries other, int otherEntry) {
    return Arrays.equals(
        values,
        entry * valueLength,
        (entry + 1) * valueLength,
        other.values,
        otherEntry * other.valueLength,
        (otherEntry + 1) * other.valueLength);
  }

  /** Keys one behind the other. */
  byte[] keys(int[] entries) {
    return pick(keys, keyLength, entries);
  }

  byte[] values(int[] entries) {
    return pick(values, valueLength, entries);
  }

  private static byte[] pick(byte[] from, int length, int[] entries) {
    byte[] out = new byte[entries.length * length];
    for (int i = 0; i < entries.length; i++) {
      System.arraycopy(from, entries[i] * length, out, i * length, length);
    }
    return out;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof MapEntries that
        && size == that.size
        && Arrays.equals(keys, that.keys)
        && Arrays.equals(values, that.values)
        && keyLinks.equals(that.keyLinks)
        && valueLinks.equals(that.valueLinks);
  }

  @Override
  public int hashCode() {
    return Objects.hash(size, Arrays.hashCode(keys));
  }

  /** Hexadecimal, with the links and where they stand. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return size + ": " + hex.formatHex(keys) + keyLinks + hex.formatHex(values) + valueLinks;
  }
}
