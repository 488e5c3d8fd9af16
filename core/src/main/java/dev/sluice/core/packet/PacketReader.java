package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import java.util.Arrays;

/** Reads big-endian fields in order; running out of bytes names the header being read. */
final class PacketReader {

  private final String what;
  private final byte[] data;
  private int position;
  private int end;

  PacketReader(String what, byte[] data) {
    this.what = what;
    this.data = data;
    this.end = data.length;
  }

  int u8() {
    need(1);
    return data[position++] & 0xff;
  }

  int u16() {
    return (u8() << 8) | u8();
  }

  long u32() {
    return ((long) u16() << 16) | u16();
  }

  byte[] take(int length) {
    need(length);
    position += length;
    return Arrays.copyOfRange(data, position - length, position);
  }

  byte[] rest() {
    return take(remaining());
  }

  IpAddress ip(int length) {
    return IpAddress.of(take(length));
  }

  MacAddress mac() {
    return MacAddress.of(take(6));
  }

  int remaining() {
    return end - position;
  }

  /** Lets the packet end {@code length} bytes after its start: what follows is padding. */
  void limit(int length) {
    check(length >= position && length <= end, "says " + length + " bytes, has " + end);
    end = length;
  }

  void check(boolean right, String fault) {
    if (!right) {
      throw new MalformedPacketException(what + ": " + fault);
    }
  }

  private void need(int length) {
    if (length < 0 || length > remaining()) {
      throw new MalformedPacketException(
          what + ": needs " + length + " bytes at " + position + ", has " + remaining());
    }
  }
}
