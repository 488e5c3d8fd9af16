package dev.sluice.core.netlink.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A read-only window on an array of bytes; numbers are in the machine's order, as in netlink. A
 * read beyond its end is a {@link NetlinkDecodeException}. The array is shared, not copied: whoever
 * makes a view leaves the array alone from then on.
 */
public final class ByteView {

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final byte[] array;
  private final int start;
  private final int length;

  private ByteView(byte[] array, int start, int length) {
    this.array = array;
    this.start = start;
    this.length = length;
  }

  /** A view of the whole array. */
  public static ByteView of(byte[] array) {
    return new ByteView(array, 0, array.length);
  }

  public int length() {
    return length;
  }

  /** The {@code size} bytes from {@code offset} on. */
  public ByteView slice(int offset, int size) {
    check(offset, size);
    return new ByteView(array, start + offset, size);
  }

  /** Everything from {@code offset} on. */
  public ByteView from(int offset) {
    return slice(offset, length - offset);
  }

  public int u8(int offset) {
    check(offset, 1);
    return array[start + offset] & 0xff;
  }

  public int u16(int offset) {
    check(offset, Short.BYTES);
    return (short) SHORT.get(array, start + offset) & 0xffff;
  }

  /** 32 bits; for an unsigned field, negative stands for what is above 2^31. */
  public int i32(int offset) {
    check(offset, Integer.BYTES);
    return (int) INT.get(array, start + offset);
  }

  /** The text up to the first NUL byte, or to the end if there is none. */
  public String text() {
    int end = start;
    while (end < start + length && array[end] != 0) {
      end++;
    }
    return new String(array, start, end - start, StandardCharsets.UTF_8);
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(array, start, start + length);
  }

  private void check(int offset, int size) {
    if (offset < 0 || size < 0 || offset > length - size) {
      throw new NetlinkDecodeException(
          "truncated: " + size + " bytes wanted at " + offset + " of " + length);
    }
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof ByteView that
        && Arrays.equals(
            array, start, start + length, that.array, that.start, that.start + that.length);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(toByteArray());
  }
}
