package dev.sluice.core.packet;

import java.nio.ByteBuffer;

/** An IPv6 extension header (RFC 8200, section 4). */
public sealed interface ExtensionHeader {

  int HOP_BY_HOP = 0;
  int ROUTING = 43;
  int FRAGMENT = 44;
  int DESTINATION_OPTIONS = 60;

  /** The number that announces it in the header before. */
  int type();

  byte[] encode(int nextHeader);

  /**
   * Hop-by-hop options, routing, or destination options.
   *
   * @param content what follows the length byte: 6 bytes, or 8 more, or 16 more, ..
   */
  record Options(int type, Bytes content) implements ExtensionHeader {

    public Options {
      if (content.length() % 8 != 6) {
        throw new IllegalArgumentException(
            "an extension header holds 6, 14, 22, .. bytes, not " + content.length());
      }
    }

    /** A header of eight bytes that holds nothing but padding (PadN). */
    public static Options padding(int type) {
      return new Options(type, Bytes.ofHex("010400000000"));
    }

    @Override
    public byte[] encode(int nextHeader) {
      return ByteBuffer.allocate(2 + content.length())
          .put((byte) nextHeader)
          .put((byte) ((content.length() - 6) / 8))
          .put(content.toArray())
          .array();
    }
  }

  /**
   * A fragment header.
   *
   * @param offset in bytes, a multiple of 8
   * @param id of 32 bits
   */
  record Fragment(int offset, boolean more, int id) implements ExtensionHeader {

    public Fragment {
      if (offset % 8 != 0) {
        throw new IllegalArgumentException(offset + " is no multiple of 8");
      }
    }

    @Override
    public int type() {
      return FRAGMENT;
    }

    @Override
    public byte[] encode(int nextHeader) {
      return ByteBuffer.allocate(8)
          .put((byte) nextHeader)
          .put((byte) 0)
          .putShort((short) (offset | (more ? 1 : 0)))
          .putInt(id)
          .array();
    }
  }
}
