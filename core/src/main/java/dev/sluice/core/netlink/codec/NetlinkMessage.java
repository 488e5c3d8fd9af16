package dev.sluice.core.netlink.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One netlink message: the fields of struct nlmsghdr, and what follows it.
 *
 * @param type of the family, or one of the control types below 16
 * @param flags the {@code F_*} constants
 * @param sequence that of the request which this is, or answers
 * @param port of the socket that asked; 0 when the kernel fills it in
 */
public record NetlinkMessage(int type, int flags, int sequence, int port, ByteView payload) {

  public static final int HEADER = 16;

  public static final int NOOP = 1;
  public static final int ERROR = 2;
  public static final int DONE = 3;
  public static final int OVERRUN = 4;

  public static final int F_REQUEST = 0x1;
  public static final int F_ACK = 0x4;
  public static final int F_DUMP_INTR = 0x10;
  public static final int F_DUMP = 0x300;
  public static final int F_REPLACE = 0x100;
  public static final int F_EXCL = 0x200;
  public static final int F_CREATE = 0x400;

  /** On an error: the request is not quoted beyond its header. */
  public static final int F_CAPPED = 0x100;

  /** On an error or the end of a dump: attributes tell more. */
  public static final int F_ACK_TLVS = 0x200;

  /** The messages of a datagram, in order; what does not end at its end is malformed. */
  public static List<NetlinkMessage> parse(ByteView datagram) {
    List<NetlinkMessage> messages = new ArrayList<>();
    int offset = 0;
    while (offset < datagram.length()) {
      if (datagram.length() - offset < HEADER) {
        throw new NetlinkDecodeException(
            "message header at " + offset + " of a datagram of " + datagram.length() + " bytes");
      }
      int length = datagram.i32(offset);
      if (length < HEADER || length > datagram.length() - offset) {
        throw new NetlinkDecodeException(
            "message of "
                + Integer.toUnsignedString(length)
                + " bytes at "
                + offset
                + " of a datagram of "
                + datagram.length()
                + " bytes");
      }
      messages.add(
          new NetlinkMessage(
              datagram.u16(offset + 4),
              datagram.u16(offset + 6),
              datagram.i32(offset + 8),
              datagram.i32(offset + 12),
              datagram.slice(offset + HEADER, length - HEADER)));
      offset += align(length);
    }
    return messages;
  }

  /** The bytes on the wire, padded to a multiple of four. */
  public byte[] toBytes() {
    byte[] out = new byte[align(HEADER + payload.length())];
    ByteBuffer.wrap(out)
        .order(ByteOrder.nativeOrder())
        .putInt(HEADER + payload.length())
        .putShort((short) type)
        .putShort((short) flags)
        .putInt(sequence)
        .putInt(port)
        .put(payload.toByteArray());
    return out;
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** {@code length} rounded up to the alignment of messages and attributes. */
  public static int align(int length) {
    return (length + 3) & ~3;
  }
}
