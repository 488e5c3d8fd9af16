package dev.sluice.core.netlink.codec;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an NLMSG_ERROR or NLMSG_DONE says: how a request, or a dump, ended.
 *
 * @param error positive errno; 0 is success
 * @param text the kernel's explanation (extended ack)
 * @param offset of the attribute at fault, from the start of the request's nlmsghdr
 * @param missingType type of an attribute that is missing
 * @param missingNest offset, as above, of the attribute that it is missing in; empty: the message
 */
public record ErrorMessage(
    int error,
    Optional<String> text,
    OptionalInt offset,
    OptionalInt missingType,
    OptionalInt missingNest) {

  /** Error codes end here (MAX_ERRNO). */
  private static final int MAX_ERROR = 4095;

  private static final int MSG = 1;
  private static final int OFFS = 2;
  private static final int MISS_TYPE = 5;
  private static final int MISS_NEST = 6;
  private static final AttributeNames NAMES =
      AttributeNames.of(
          "NLMSGERR_ATTR_", "MSG", "OFFS", "COOKIE", "POLICY", "MISS_TYPE", "MISS_NEST");

  /** Reads a message of type {@link NetlinkMessage#ERROR}. */
  public static ErrorMessage parseError(NetlinkMessage message) {
    ByteView payload = message.payload();
    int end = Integer.BYTES + NetlinkMessage.HEADER;
    if (payload.length() < end) {
      throw new NetlinkDecodeException("NLMSG_ERROR of " + payload.length() + " bytes");
    }
    if (!message.has(NetlinkMessage.F_CAPPED)) {
      int quoted = payload.i32(Integer.BYTES);
      if (quoted < NetlinkMessage.HEADER || quoted > payload.length() - Integer.BYTES) {
        throw new NetlinkDecodeException("NLMSG_ERROR quotes a request of " + quoted + " bytes");
      }
      end = Integer.BYTES + NetlinkMessage.align(quoted);
    }
    return parse(message, payload.i32(0), end);
  }

  /** Reads a message of type {@link NetlinkMessage#DONE}. */
  public static ErrorMessage parseDone(NetlinkMessage message) {
    ByteView payload = message.payload();
    return payload.length() == 0
        ? parse(message, 0, 0)
        : parse(message, payload.i32(0), Integer.BYTES);
  }

  private static ErrorMessage parse(NetlinkMessage message, int error, int attributesAt) {
    // The end of a dump may carry a positive number, the length of its last part: no error.
    if (error < -MAX_ERROR) {
      throw new NetlinkDecodeException("error number " + error);
    }
    Attributes attributes =
        Attributes.parse(
            message.has(NetlinkMessage.F_ACK_TLVS) && attributesAt < message.payload().length()
                ? message.payload().from(attributesAt)
                : ByteView.of(new byte[0]),
            NAMES);
    return new ErrorMessage(
        Math.max(0, -error),
        attributes.string(MSG),
        attributes.i32(OFFS),
        attributes.i32(MISS_TYPE),
        attributes.i32(MISS_NEST));
  }
}
