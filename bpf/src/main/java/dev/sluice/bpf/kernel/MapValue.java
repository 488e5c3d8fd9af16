package dev.sluice.bpf.kernel;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Bytes of a key or value of a map, in which numbers that the kernel chooses stand at some places.
 * What the bytes themselves have there is of no meaning, and is zero.
 */
public final class MapValue implements Comparable<MapValue> {

  private final byte[] bytes;
  private final SortedMap<Integer, KernelNumber> numbers;

  private MapValue(byte[] bytes, SortedMap<Integer, KernelNumber> numbers) {
    this.bytes = bytes;
    this.numbers = numbers;
  }

  /** Bytes without such a number. */
  public static MapValue of(byte[] bytes) {
    return new MapValue(bytes.clone(), Collections.emptySortedMap());
  }

  /** {@code numbers}: by the offset of each. */
  public static MapValue of(byte[] bytes, SortedMap<Integer, KernelNumber> numbers) {
    byte[] copy = bytes.clone();
    numbers.forEach((at, number) -> Arrays.fill(copy, at, at + number.length(), (byte) 0));
    return new MapValue(copy, Collections.unmodifiableSortedMap(new TreeMap<>(numbers)));
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

  /** By the offset of each. */
  public SortedMap<Integer, KernelNumber> numbers() {
    return numbers;
  }

  @Override
  public int compareTo(MapValue other) {
    int byBytes = Arrays.compareUnsigned(bytes, other.bytes);
    if (byBytes != 0 || (numbers.isEmpty() && other.numbers.isEmpty())) {
      return byBytes;
    }
    return numbers.toString().compareTo(other.numbers.toString());
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof MapValue that
        && Arrays.equals(bytes, that.bytes)
        && numbers.equals(that.numbers);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(bytes) + numbers.hashCode();
  }

  /** Hexadecimal, with what numbers stand where they stand. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes) + (numbers.isEmpty() ? "" : numbers);
  }
}
