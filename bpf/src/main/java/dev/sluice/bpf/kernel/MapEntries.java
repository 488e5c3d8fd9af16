package dev.sluice.bpf.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /** By where among all keys, or values, each stands. */
  private final SortedMap<Integer, KernelNumber> keyNumbers;

  private final SortedMap<Integer, KernelNumber> valueNumbers;

  private MapEntries(
      int size,
      byte[] keys,
      byte[] values,
      SortedMap<Integer, KernelNumber> keyNumbers,
      SortedMap<Integer, KernelNumber> valueNumbers) {
    this.size = size;
    this.keyLength = size == 0 ? 0 : keys.length / size;
    this.valueLength = size == 0 ? 0 : values.length / size;
    this.keys = keys;
    this.values = values;
    this.keyNumbers = Collections.unmodifiableSortedMap(keyNumbers);
    this.valueNumbers = Collections.unmodifiableSortedMap(valueNumbers);
  }

  /** Those of {@code entries}. */
  public static MapEntries of(SortedMap<MapValue, MapValue> entries) {
    SortedMap<Integer, KernelNumber> keyNumbers = new TreeMap<>();
    SortedMap<Integer, KernelNumber> valueNumbers = new TreeMap<>();
    byte[] keys = joined(entries.keySet(), keyNumbers);
    byte[] values = joined(entries.values(), valueNumbers);
    return new MapEntries(entries.size(), keys, values, keyNumbers, valueNumbers);
  }

  private static byte[] joined(
      Collection<MapValue> parts, SortedMap<Integer, KernelNumber> numbers) {
    int length = parts.stream().findFirst().map(MapValue::length).orElse(0);
    ByteBuffer out = ByteBuffer.allocate(parts.size() * length);
    for (MapValue part : parts) {
      if (part.length() != length) {
        throw new IllegalArgumentException("not %d bytes: %s".formatted(length, part));
      }
      part.numbers().forEach((at, number) -> numbers.put(out.position() + at, number));
      part.putInto(out);
    }
    return out.array();
  }

  /**
   * {@code size} entries in any order, without such numbers; of two with one key it may be either.
   */
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
        within(keyNumbers, entry * keyLength, keyLength));
  }

  /** The value of the entry of that number. */
  public MapValue value(int entry) {
    return MapValue.of(
        Arrays.copyOfRange(values, entry * valueLength, (entry + 1) * valueLength),
        within(valueNumbers, entry * valueLength, valueLength));
  }

  public boolean contains(MapValue key) {
    return IntStream.range(0, size).anyMatch(entry -> key(entry).equals(key));
  }

  private static SortedMap<Integer, KernelNumber> within(
      SortedMap<Integer, KernelNumber> numbers, int from, int length) {
    SortedMap<Integer, KernelNumber> out = new TreeMap<>();
    numbers.subMap(from, from + length).forEach((at, number) -> out.put(at - from, number));
    return out;
  }

  /** All that stand somewhere. */
  public Set<KernelNumber> numbers() {
    Set<KernelNumber> out = new HashSet<>(keyNumbers.values());
    out.addAll(valueNumbers.values());
    return out;
  }

  /** With the numbers themselves, as {@code known} gives them; -1 for one that it does not. */
  public MapEntries resolve(Function<KernelNumber, OptionalLong> known) {
    return keyNumbers.isEmpty() && valueNumbers.isEmpty()
        ? this
        : of(size, resolve(keys, keyNumbers, known), resolve(values, valueNumbers, known));
  }

  private static byte[] resolve(
      byte[] bytes,
      SortedMap<Integer, KernelNumber> numbers,
      Function<KernelNumber, OptionalLong> known) {
    byte[] out = bytes.clone();
    ByteBuffer fields = ByteBuffer.wrap(out).order(ByteOrder.nativeOrder());
    numbers.forEach(
        (at, number) -> {
          long value = known.apply(number).orElse(-1);
          if (number.length() == Long.BYTES) {
            fields.putLong(at, value);
          } else {
            fields.putInt(at, (int) value);
          }
        });
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
        && keyNumbers.equals(that.keyNumbers)
        && valueNumbers.equals(that.valueNumbers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(size, Arrays.hashCode(keys));
  }

  /** Hexadecimal, with what numbers stand where. */
  @Override
  public String toString() {
    HexFormat hex = HexFormat.of();
    return size + ": " + hex.formatHex(keys) + keyNumbers + hex.formatHex(values) + valueNumbers;
  }
}
