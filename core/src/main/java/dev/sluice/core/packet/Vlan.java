package dev.sluice.core.packet;

import java.nio.ByteBuffer;

/**
 * A VLAN tag and what is behind it (IEEE 802.1Q), which may be a further tag.
 *
 * @param tagType {@link #CUSTOMER} or {@link #SERVICE}
 * @param id 0 to 4095; 0 is a tag that names no VLAN
 */
public record Vlan(int tagType, int id, Layer3 payload) implements Layer3 {

  /** A C-tag, 802.1Q. */
  public static final int CUSTOMER = 0x8100;

  /** An S-tag, 802.1ad. */
  public static final int SERVICE = 0x88a8;

  private static final int HEADER = 4;

  public Vlan {
    if (id < 0 || id > 0xfff) {
      throw new IllegalArgumentException("a VLAN has a number from 0 to 4095, not " + id);
    }
  }

  @Override
  public int etherType() {
    return tagType;
  }

  /** With priority 0. */
  @Override
  public byte[] encode() {
    byte[] inner = payload.encode();
    return ByteBuffer.allocate(HEADER + inner.length)
        .putShort((short) id)
        .putShort((short) payload.etherType())
        .put(inner)
        .array();
  }
}
