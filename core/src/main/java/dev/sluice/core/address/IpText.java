package dev.sluice.core.address;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Text form of addresses: RFC 4291 section 2.2 read, RFC 5952 written. */
final class IpText {

  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  private IpText() {}

  static Optional<byte[]> parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return Optional.empty();
    }
    byte[] out = new byte[4];
    for (int i = 0; i < 4; i++) {
      OptionalInt number = number(parts[i], 255);
      if (number.isEmpty()) {
        return Optional.empty();
      }
      out[i] = (byte) number.getAsInt();
    }
    return Optional.of(out);
  }

  /**
   * Up to three decimal digits, for 0 to {@code max}. A leading zero is octal to some readers and
   * decimal to others: refused.
   */
  static OptionalInt number(String text, int max) {
    int length = text.length();
    if (length == 0 || length > 3 || (length > 1 && text.charAt(0) == '0')) {
      return OptionalInt.empty();
    }
    int number = 0;
    for (int i = 0; i < length; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return OptionalInt.empty();
      }
      number = 10 * number + digit;
    }
    return number <= max ? OptionalInt.of(number) : OptionalInt.empty();
  }

  static Optional<byte[]> parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text).filter(b -> b.length == 16);
    }
    String head = text.substring(0, gap);
    String tail = text.substring(gap + 2);
    Optional<byte[]> left = head.isEmpty() ? Optional.of(new byte[0]) : groups(head);
    Optional<byte[]> right = tail.isEmpty() ? Optional.of(new byte[0]) : groups(tail);
    // The dotted-quad form may only end an address.
    if (left.isEmpty() || right.isEmpty() || head.indexOf('.') >= 0) {
      return Optional.empty();
    }
    int length = left.get().length + right.get().length;
    if (length > 14) {
      return Optional.empty();
    }
    byte[] out = new byte[16];
    System.arraycopy(left.get(), 0, out, 0, left.get().length);
    System.arraycopy(right.get(), 0, out, 16 - right.get().length, right.get().length);
    return Optional.of(out);
  }

  /** Groups of four hex digits between colons, the last possibly a dotted quad. */
  private static Optional<byte[]> groups(String text) {
    String[] parts = text.split(":", -1);
    boolean quad = parts[parts.length - 1].indexOf('.') >= 0;
    byte[] out = new byte[parts.length * 2 + (quad ? 2 : 0)];
    for (int i = 0; i < parts.length; i++) {
      if (quad && i == parts.length - 1) {
        Optional<byte[]> v4 = parseV4(parts[i]);
        if (v4.isEmpty()) {
          return Optional.empty();
        }
        System.arraycopy(v4.get(), 0, out, 2 * i, 4);
      } else if (GROUP.matcher(parts[i]).matches()) {
        int group = Integer.parseInt(parts[i], 16);
        out[2 * i] = (byte) (group >> 8);
        out[2 * i + 1] = (byte) group;
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(out);
  }

  static String format(byte[] b) {
    if (b.length == 4) {
      return (b[0] & 0xff) + "." + (b[1] & 0xff) + "." + (b[2] & 0xff) + "." + (b[3] & 0xff);
    }
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = ((b[2 * i] & 0xff) << 8) | (b[2 * i + 1] & 0xff);
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int j = i;
      while (j < 8 && groups[j] == 0) {
        j++;
      }
      if (j - i > length) {
        start = i;
        length = j - i;
      }
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        out.append("::");
        i += length - 1;
      } else {
        if (out.length() > 0 && out.charAt(out.length() - 1) != ':') {
          out.append(':');
        }
        out.append(Integer.toHexString(groups[i]));
      }
    }
    return out.toString();
  }
}
