package dev.sluice.core.address;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** A 48-bit Ethernet address (IEEE 802). */
public final class MacAddress {

  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  private final byte[] bytes;

  private MacAddress(byte[] bytes) {
    this.bytes = bytes;
  }

  /** An address from its 6 bytes. */
  public static MacAddress of(byte[] bytes) {
    if (bytes.length != 6) {
      throw new IllegalArgumentException("a MAC address has 6 bytes, not " + bytes.length);
    }
    return new MacAddress(bytes.clone());
  }

  /** {@code text} as six hex pairs between colons; empty if it is no such thing. */
  public static Optional<MacAddress> tryParse(String text) {
    return text.matches("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")
        ? Optional.of(new MacAddress(COLONS.parseHex(text)))
        : Optional.empty();
  }

  /** As {@link #tryParse}, for literals known to be right. */
  public static MacAddress parse(String text) {
    return tryParse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a MAC address: " + text));
  }

  /**
   * A locally administered unicast address derived from {@code parts}: the same parts give the same
   * address on every run and every datapath.
   */
  public static MacAddress derive(String... parts) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(String.join("\0", parts).getBytes(StandardCharsets.UTF_8));
      byte[] mac = Arrays.copyOf(digest, 6);
      mac[0] = (byte) ((mac[0] & 0xfc) | 0x02);
      return new MacAddress(mac);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  /** Whether the group bit is set: multicast or broadcast, never the address of an interface. */
  public boolean isMulticast() {
    return (bytes[0] & 1) != 0;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof MacAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return COLONS.formatHex(bytes);
  }
}
