package dev.sluice.core.reconcile;

import dev.sluice.core.error.SluiceException;

/** A change failed. The message has the cause, and whether the way back succeeded. */
public final class RolledBackException extends SluiceException {

  private static final long serialVersionUID = 1L;

  RolledBackException(String topology, RuntimeException cause) {
    super(
        category(cause),
        "%s was not applied; the node is as it was before: %s"
            .formatted(topology, cause.getMessage()),
        cause);
  }

  RolledBackException(String topology, RuntimeException cause, RuntimeException onTheWayBack) {
    super(
        category(cause),
        ("%s was not applied: %s\nand the way back failed too: %s\n"
                + "the intent is kept: apply or destroy it again once the cause is gone")
            .formatted(topology, cause.getMessage(), onTheWayBack.getMessage()),
        cause);
    addSuppressed(onTheWayBack);
  }

  /** Who can mend it tells more than that it was rolled back. */
  private static Category category(RuntimeException cause) {
    Category own = cause instanceof SluiceException e ? e.category() : Category.INTERNAL;
    return own == Category.INTERNAL || own == Category.ENVIRONMENT ? own : Category.TRANSIENT;
  }
}
