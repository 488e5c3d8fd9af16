package dev.sluice.core.packet;

import dev.sluice.core.address.MacAddress;
import java.nio.ByteBuffer;

/**
 * An option of neighbour discovery (RFC 4861, section 4.6).
 *
 * @param content what follows type and length: 6 bytes, or 8 more, or 16 more, ..
 */
public record DiscoveryOption(int type, Bytes content) {

  public static final int SOURCE_LINK_ADDRESS = 1;
  public static final int TARGET_LINK_ADDRESS = 2;
  public static final int NONCE = 14;

  public DiscoveryOption {
    if (content.length() % 8 != 6) {
      throw new IllegalArgumentException(
          "an option of neighbour discovery holds 6, 14, 22, .. bytes, not " + content.length());
    }
  }

  /** The link-layer address of the sender. */
  public static DiscoveryOption sourceLink(MacAddress mac) {
    return new DiscoveryOption(SOURCE_LINK_ADDRESS, Bytes.of(mac.bytes()));
  }

  /** The link-layer address of the target. */
  public static DiscoveryOption targetLink(MacAddress mac) {
    return new DiscoveryOption(TARGET_LINK_ADDRESS, Bytes.of(mac.bytes()));
  }

  /** A nonce of 6 bytes (RFC 3971; in duplicate detection RFC 7527). */
  public static DiscoveryOption nonce(Bytes sixBytes) {
    return new DiscoveryOption(NONCE, sixBytes);
  }

  byte[] encode() {
    return ByteBuffer.allocate(2 + content.length())
        .put((byte) type)
        .put((byte) ((2 + content.length()) / 8))
        .put(content.toArray())
        .array();
  }
}
