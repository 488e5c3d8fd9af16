package dev.sluice.core.netlink;

import dev.sluice.core.error.SluiceException;

/**
 * What was dumped changed during each of several attempts: no attempt gave a consistent picture.
 */
public final class DumpInterruptedException extends SluiceException {

  private static final long serialVersionUID = 1L;

  DumpInterruptedException(Request request, int attempts) {
    super(Category.TRANSIENT, request + ": changed during each of " + attempts + " dumps");
  }
}
