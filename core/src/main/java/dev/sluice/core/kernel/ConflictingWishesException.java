package dev.sluice.core.kernel;

import dev.sluice.core.error.SluiceException;

/** Two topologies, or two parts of one, want one kernel object to be different things. */
public final class ConflictingWishesException extends SluiceException {

  private static final long serialVersionUID = 1L;

  ConflictingWishesException(Key key, KernelState.Entry a, KernelState.Entry b) {
    super(
        Category.USER,
        "%s is wanted twice, differently: by %s as %s, and by %s as %s; give one of them another name or address"
            .formatted(
                key,
                String.join(", ", a.owners()),
                a.object(),
                String.join(", ", b.owners()),
                b.object()));
  }
}
