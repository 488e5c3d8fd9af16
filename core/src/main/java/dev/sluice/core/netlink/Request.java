package dev.sluice.core.netlink;

import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.ByteView;

/**
 * One request to the kernel, and the words for it should it fail.
 *
 * @param type the family's message type
 * @param flags beyond NLM_F_REQUEST, NLM_F_ACK and NLM_F_DUMP, which the connection adds
 * @param payload the family's header and attributes
 * @param layout what the payload is made of
 * @param mutating whether it changes anything
 * @param operation such as {@code create bridge}
 * @param object such as {@code sbred}
 */
public record Request(
    int type,
    int flags,
    ByteView payload,
    Layout layout,
    boolean mutating,
    String operation,
    String object) {

  /**
   * What a message of a type is made of.
   *
   * @param headerLength bytes before the first attribute
   */
  public record Layout(int headerLength, AttributeNames names) {}

  /** {@code create bridge sbred}. */
  @Override
  public String toString() {
    return object.isEmpty() ? operation : operation + " " + object;
  }
}
