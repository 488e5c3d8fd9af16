package dev.sluice.backend.ebpf;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes something else of a frame: bits, lengths, headers, fragments, addresses. */
final class FuzzMutation {

  private static final int ETHERNET = 14;
  private static final int V4 = 0x0800;
  private static final int V6 = 0x86dd;
  private static final int[] WORDS = {
    0, 1, 7, 8, 20, 28, 40, 0x2000, 0x1fff, 0x7fff, 0xfff8, 0xffff
  };
  private static final int[] TYPES = {V4, V6, 0x0806, 0x8100, 0x88a8, 0x88cc, 0x05dc, 0};
  private static final int[] NEXT = {0, 1, 6, 17, 43, 44, 50, 51, 58, 59, 60, 132, 135};
  private static final int MOST = 1600;

  private final Random random;

  /** Addresses, MACs of the topology, to be put where others were. */
  private final List<byte[]> known;

  FuzzMutation(Random random, List<byte[]> known) {
    this.random = random;
    this.known = known;
  }

  /** Another frame; {@code other} lends some of its bytes. */
  byte[] of(byte[] frame, byte[] other) {
    byte[] out = frame.clone();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      out = once(out, other);
    }
    return isTaken(out) ? out : Arrays.copyOf(out, 64);
  }

  /** A frame of noise, behind MACs and a type that a program would read on from. */
  byte[] noise(byte[] frame) {
    byte[] out = new byte[64 + random.nextInt(100)];
    random.nextBytes(out);
    System.arraycopy(frame, 0, out, 0, random.nextInt(4) == 0 ? 12 : ETHERNET);
    if (random.nextBoolean()) {
      // As far as the addresses.
      int length =
          Math.min(Math.min(frame.length, out.length), ETHERNET + (type(out) == V4 ? 20 : 40));
      System.arraycopy(frame, 0, out, 0, length);
    }
    return out;
  }

  /** BPF_PROG_TEST_RUN itself refuses frames of IP that end in its header. */
  private static boolean isTaken(byte[] frame) {
    return frame.length >= ETHERNET + (type(frame) == V4 ? 20 : type(frame) == V6 ? 40 : 0);
  }

  private static int type(byte[] frame) {
    return Reading.u16(frame, 12);
  }

  private byte[] once(byte[] frame, byte[] other) {
    int near = Math.min(frame.length, 90);
    switch (random.nextInt(14)) {
      case 0, 1 -> frame[random.nextInt(near)] ^= (byte) (1 << random.nextInt(8));
      case 2 -> frame[random.nextInt(near)] = (byte) random.nextInt();
      case 3 -> put(frame, random.nextInt(near - 1), WORDS[random.nextInt(WORDS.length)]);
      case 4 -> put(frame, 12, TYPES[random.nextInt(TYPES.length)]);
      case 5 -> {
        return Arrays.copyOf(frame, ETHERNET + random.nextInt(frame.length - ETHERNET + 1));
      }
      case 6 -> {
        return Arrays.copyOf(frame, Math.min(MOST, frame.length + 1 + random.nextInt(100)));
      }
      case 7 -> {
        int at = ETHERNET + (type(frame) == V6 ? 4 : 2);
        if (at + 2 <= frame.length) {
          put(frame, at, Reading.u16(frame, at) + random.nextInt(41) - 20);
        }
      }
      case 8 -> {
        // The header of one before what is behind another's.
        int at = ETHERNET + List.of(0, 20, 40).get(random.nextInt(3));
        if (at <= frame.length && at <= other.length) {
          byte[] out = Arrays.copyOf(frame, other.length);
          System.arraycopy(other, at, out, at, other.length - at);
          return out;
        }
      }
      case 9, 10 -> {
        return extended(frame);
      }
      case 11 -> {
        if (type(frame) == V4 && frame.length > 22) {
          put(frame, 20, WORDS[random.nextInt(WORDS.length)] & 0x3fff);
        }
      }
      case 12 -> {
        byte[] bytes = known.get(random.nextInt(known.size()));
        int at =
            switch (bytes.length) {
              case 6 -> random.nextInt(2) * 6;
              case 4 -> ETHERNET + 12 + random.nextInt(2) * 4;
              default -> ETHERNET + 8 + random.nextInt(2) * 16;
            };
        if (at + bytes.length <= frame.length) {
          System.arraycopy(bytes, 0, frame, at, bytes.length);
        }
      }
      default -> {
        return mapped(frame);
      }
    }
    return frame;
  }

  private static void put(byte[] frame, int at, int word) {
    frame[at] = (byte) (word >> 8);
    frame[at + 1] = (byte) word;
  }

  /** With more extension headers, the lengths made right. */
  private byte[] extended(byte[] frame) {
    byte[] out = frame;
    for (int i = random.nextInt(6) == 0 ? 10 : 1 + random.nextInt(2); i > 0; i--) {
      int at = ETHERNET + 40;
      if (type(out) != V6 || out.length < at || out.length > MOST) {
        return out;
      }
      byte[] longer = new byte[out.length + 8];
      System.arraycopy(out, 0, longer, 0, at);
      System.arraycopy(out, at, longer, at + 8, out.length - at);
      longer[at] = out[20];
      longer[20] = (byte) NEXT[random.nextInt(4) == 0 ? random.nextInt(NEXT.length) : 10];
      if (longer[20] == 44) {
        put(longer, at + 2, WORDS[random.nextInt(WORDS.length)]);
        longer[at + 7] = (byte) random.nextInt(8);
      }
      put(longer, ETHERNET + 4, Reading.u16(out, ETHERNET + 4) + 8);
      out = longer;
    }
    return out;
  }

  /** IPv4 as an IPv6 packet between the mapped addresses. */
  private static byte[] mapped(byte[] frame) {
    if (type(frame) != V4 || frame.length < ETHERNET + 20) {
      return frame;
    }
    byte[] out = new byte[frame.length + 20];
    System.arraycopy(frame, 0, out, 0, 12);
    put(out, 12, V6);
    out[14] = 0x60;
    put(out, 18, frame.length - ETHERNET - 20);
    out[20] = frame[23];
    out[21] = frame[22];
    for (int i = 0; i < 2; i++) {
      put(out, 22 + 10 + 16 * i, 0xffff);
      System.arraycopy(frame, 26 + 4 * i, out, 22 + 12 + 16 * i, 4);
    }
    System.arraycopy(frame, 34, out, 54, frame.length - 34);
    return out;
  }
}
