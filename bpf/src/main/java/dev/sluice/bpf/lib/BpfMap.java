package dev.sluice.bpf.lib;

import dev.sluice.core.sys.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * A map in the kernel. A value of a per-CPU map is one after the other of each possible CPU, each
 * rounded up to 8 bytes. Closing lets go of it; what is pinned or used by a program stays.
 */
public final class BpfMap implements AutoCloseable {

  /** Bytes of a trie's key before what it is a prefix of. */
  private static final int PREFIX_LENGTH = 4;

  private final Handle handle;
  private final MapShape shape;
  private final int valueLength;

  BpfMap(Handle handle) {
    this.handle = handle;
    this.shape = ask(handle);
    this.valueLength = shape.valueLength();
  }

  private static MapShape ask(Handle handle) {
    try (Info info = Info.of(handle)) {
      return new MapShape(
          info.number(0), info.number(8), info.number(12), info.number(16), info.number(20));
    }
  }

  /** A new array of one value of that many bytes, all 0. */
  public static BpfMap array(String name, int valueSize) {
    LibBpf.require();
    int fd =
        LibBpf.bpf_map_create(
            MapShape.ARRAY, LibBpf.cString(name), Integer.BYTES, valueSize, 1, null);
    return new BpfMap(Handle.owned(BpfErrno.check(fd, "make BPF map", name), "map " + name));
  }

  /** The one that is pinned there; {@link BpfException} if there is none. */
  public static BpfMap pinned(Path pin) {
    return new BpfMap(Handle.pinned(pin, "map"));
  }

  /** A key and its value, as the kernel has them. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Element(byte[] key, byte[] value) {}

  /** Keys one behind the other, and their values. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Elements(int size, byte[] keys, byte[] values) {}

  public MapShape shape() {
    return shape;
  }

  /** The kernel's number of it, never used again until the next boot. */
  public int id() {
    try (Info info = Info.of(handle)) {
      return info.number(4);
    }
  }

  /** The length of a value, of all CPUs together where there is one for each. */
  public int valueLength() {
    return valueLength;
  }

  public Optional<byte[]> lookup(byte[] key) {
    byte[] value = new byte[valueLength()];
    int result = LibBpf.bpf_map_lookup_elem(handle.fd(), key, value);
    if (BpfErrno.is(result, Errno.ENOENT)) {
      return Optional.empty();
    }
    BpfErrno.check(result, "look up in BPF", handle);
    return Optional.of(value);
  }

  /** Sets the value of {@code key}, new or not. */
  public void update(byte[] key, byte[] value) {
    BpfErrno.check(LibBpf.bpf_map_update_elem(handle.fd(), key, value, 0), "write BPF", handle);
  }

  /** Whether it was there. */
  public boolean delete(byte[] key) {
    int result = LibBpf.bpf_map_delete_elem(handle.fd(), key);
    if (BpfErrno.is(result, Errno.ENOENT)) {
      return false;
    }
    BpfErrno.check(result, "delete from BPF", handle);
    return true;
  }

  /**
   * All that is in it, in no order. While somebody else changes it, what is there all the time is
   * there at least once. Of the keys of a trie what lies beyond the prefix is zero: the kernel
   * gives back whatever it was given there, though it takes keys that differ only in that for one.
   */
  public Elements elements() {
    Elements all = MapBatches.read(this, handle);
    if (shape.isTrie()) {
      for (int at = 0; at < all.keys().length; at += shape.keySize()) {
        clearBeyondPrefix(all.keys(), at);
      }
    }
    return all;
  }

  /** As {@link #elements}, one by one. */
  public List<Element> dump() {
    Elements all = elements();
    int keySize = shape.keySize();
    List<Element> out = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      out.add(
          new Element(
              Arrays.copyOfRange(all.keys(), i * keySize, (i + 1) * keySize),
              Arrays.copyOfRange(all.values(), i * valueLength(), (i + 1) * valueLength())));
    }
    return out;
  }

  /**
   * The sum of what each value comes to.
   *
   * @param counts is given a value in the machine's order, to be looked at while it is called
   */
  public long sum(ToIntFunction<ByteBuffer> counts) {
    Elements all = elements();
    ByteBuffer values = ByteBuffer.wrap(all.values());
    return IntStream.range(0, all.size())
        .mapToObj(i -> values.slice(i * valueLength(), valueLength()))
        .mapToLong(value -> counts.applyAsInt(value.order(ByteOrder.nativeOrder())))
        .sum();
  }

  private void clearBeyondPrefix(byte[] keys, int at) {
    int from =
        PREFIX_LENGTH * Byte.SIZE + ByteBuffer.wrap(keys).order(ByteOrder.nativeOrder()).getInt(at);
    for (int bit = from; bit < shape.keySize() * Byte.SIZE; bit++) {
      keys[at + bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
    }
  }

  /**
   * Sets many elements, keys and values one behind the other; those before the one that fails are
   * set.
   */
  public void updateAll(byte[] keys, byte[] values) {
    MapBatches.update(this, handle, keys, values);
  }

  /** Deletes those that are there of keys one behind the other. */
  public void deleteAll(byte[] keys) {
    MapBatches.delete(this, handle, keys);
  }

  /** Makes it outlive this process. */
  public void pin(Path pin) {
    handle.pin(pin);
  }

  int fd() {
    return handle.fd();
  }

  @Override
  public void close() {
    handle.close();
  }

  @Override
  public String toString() {
    return handle.toString();
  }
}
