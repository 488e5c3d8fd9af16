package dev.sluice.core.netlink;

import dev.sluice.core.error.SluiceException;

/** The kernel did not answer in time. What was asked may or may not have been done. */
public final class NetlinkTimeoutException extends SluiceException {

  private static final long serialVersionUID = 1L;

  NetlinkTimeoutException(Request request) {
    super(Category.TRANSIENT, request + ": no answer from the kernel");
  }
}
