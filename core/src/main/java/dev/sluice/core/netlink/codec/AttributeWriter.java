package dev.sluice.core.netlink.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Writes the payload of a message: a family's fixed header, then attributes, each padded to four
 * bytes. Numbers are in the machine's order. Grows as needed.
 */
public final class AttributeWriter {

  private static final int MAX_PAYLOAD = 0xffff - Attribute.HEADER;

  private ByteBuffer buffer = ByteBuffer.allocate(256).order(ByteOrder.nativeOrder());

  public AttributeWriter() {}

  /** A byte of a fixed header. */
  public AttributeWriter header8(int value) {
    room(1).put((byte) value);
    return this;
  }

  /** Two bytes of a fixed header. */
  public AttributeWriter header16(int value) {
    room(Short.BYTES).putShort((short) value);
    return this;
  }

  /** Four bytes of a fixed header. */
  public AttributeWriter header32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  public AttributeWriter u8(int type, int value) {
    return bytes(type, new byte[] {(byte) value});
  }

  public AttributeWriter u16(int type, int value) {
    start(type, Short.BYTES).putShort((short) value);
    return pad();
  }

  public AttributeWriter u32(int type, int value) {
    start(type, Integer.BYTES).putInt(value);
    return this;
  }

  /** Text in UTF-8, ended by a NUL. */
  public AttributeWriter string(int type, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return bytes(type, Arrays.copyOf(utf8, utf8.length + 1));
  }

  public AttributeWriter bytes(int type, byte[] value) {
    start(type, value.length).put(value);
    return pad();
  }

  /** An attribute of attributes, with the flag that strict kernels ask for. */
  public AttributeWriter nested(int type, Consumer<AttributeWriter> content) {
    int start = buffer.position();
    start(type | Attribute.F_NESTED, 0);
    content.accept(this);
    int length = buffer.position() - start;
    checkSize(type, length - Attribute.HEADER);
    buffer.putShort(start, (short) length);
    return this;
  }

  /** What was written so far. */
  public byte[] toBytes() {
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private ByteBuffer start(int type, int size) {
    checkSize(type, size);
    ByteBuffer out = room(NetlinkMessage.align(Attribute.HEADER + size));
    return out.putShort((short) (Attribute.HEADER + size)).putShort((short) type);
  }

  private static void checkSize(int type, int size) {
    if (size > MAX_PAYLOAD) {
      throw new IllegalArgumentException("attribute " + type + " of " + size + " bytes");
    }
  }

  private AttributeWriter pad() {
    buffer.position(NetlinkMessage.align(buffer.position()));
    return this;
  }

  private ByteBuffer room(int bytes) {
    if (buffer.remaining() < bytes) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(buffer.capacity() * 2, buffer.position() + bytes))
              .order(ByteOrder.nativeOrder());
      buffer = larger.put(buffer.flip());
    }
    return buffer;
  }
}
