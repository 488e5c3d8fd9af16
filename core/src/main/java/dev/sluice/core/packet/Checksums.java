package dev.sluice.core.packet;

import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** The Internet checksum (RFC 1071), with the pseudo-headers of RFC 793 and RFC 8200. */
final class Checksums {

  private Checksums() {}

  static int of(byte[] data) {
    return fold(sum(data));
  }

  /** Of a segment between two addresses: its own checksum field must be zero. */
  static int ofSegment(byte[] segment, int protocol, Path path) {
    ByteBuffer pseudo = ByteBuffer.allocate(40);
    pseudo.put(path.source().bytes()).put(path.destination().bytes());
    pseudo.putInt(segment.length).putInt(protocol);
    return fold(sum(pseudo.array()) + sum(segment));
  }

  /** Puts the checksum that is wanted, or else the right one, at {@code offset}. */
  static byte[] put(byte[] bytes, int offset, OptionalInt wanted, int right) {
    ByteBuffer.wrap(bytes).putShort(offset, (short) wanted.orElse(right));
    return bytes;
  }

  /** What a record says of a checksum: nothing if it is right, else what was found. */
  static OptionalInt judged(int found, int right) {
    return found == right ? OptionalInt.empty() : OptionalInt.of(found);
  }

  /** {@code bytes} with the 16-bit field at {@code offset} zero. */
  static byte[] without(byte[] bytes, int offset) {
    byte[] copy = bytes.clone();
    copy[offset] = 0;
    copy[offset + 1] = 0;
    return copy;
  }

  private static long sum(byte[] data) {
    long sum = 0;
    for (int i = 0; i + 1 < data.length; i += 2) {
      sum += ((data[i] & 0xff) << 8) | (data[i + 1] & 0xff);
    }
    return data.length % 2 == 0 ? sum : sum + ((data[data.length - 1] & 0xff) << 8);
  }

  private static int fold(long sum) {
    long folded = sum;
    while (folded >> 16 != 0) {
      folded = (folded & 0xffff) + (folded >> 16);
    }
    return (int) (~folded & 0xffff);
  }

  /** The two addresses that a transport checksum covers. */
  record Path(IpAddress source, IpAddress destination) {}
}
