package dev.sluice.core.netlink;

import dev.sluice.core.error.SluiceException;

/**
 * The kernel had more to say than the socket could hold (ENOBUFS): answers are lost. What was asked
 * may or may not have been done; observe anew.
 */
public final class NetlinkOverrunException extends SluiceException {

  private static final long serialVersionUID = 1L;

  NetlinkOverrunException(Request request) {
    super(Category.TRANSIENT, request + ": answers of the kernel were lost (ENOBUFS)");
  }
}
