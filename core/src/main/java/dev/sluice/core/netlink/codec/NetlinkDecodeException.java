package dev.sluice.core.netlink.codec;

import dev.sluice.core.error.SluiceException;

/**
 * Bytes that are not what netlink says they should be; the message names the message or attribute.
 */
public final class NetlinkDecodeException extends SluiceException {

  private static final long serialVersionUID = 1L;

  public NetlinkDecodeException(String message) {
    super(Category.INTERNAL, message);
  }
}
