package dev.sluice.core.netlink.codec;

/**
 * One attribute (struct nlattr).
 *
 * @param rawType the type with its two flag bits, as on the wire
 * @param payload without header and padding
 * @param payloadOffset where the payload starts, from the start of the attributes it was read from
 */
public record Attribute(int rawType, ByteView payload, int payloadOffset) {

  static final int HEADER = 4;

  /** The payload is attributes; the kernel sets it on some and not on others. */
  public static final int F_NESTED = 0x8000;

  /** The payload is a number in network order. */
  public static final int F_NET_BYTEORDER = 0x4000;

  private static final int TYPE_MASK = ~(F_NESTED | F_NET_BYTEORDER);

  /** The type without flag bits. */
  public int type() {
    return rawType & TYPE_MASK;
  }

  public boolean isNested() {
    return (rawType & F_NESTED) != 0;
  }

  public boolean isNetworkOrder() {
    return (rawType & F_NET_BYTEORDER) != 0;
  }
}
