package dev.sluice.core.kernel;

import dev.sluice.core.error.SluiceException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Topologies, or parts of one, want kernel objects to be different things; all of them are named.
 */
public final class ConflictingWishesException extends SluiceException {

  private static final long serialVersionUID = 1L;

  /** {@code clashes}: each object with the topologies that want it. */
  ConflictingWishesException(Map<Key, Set<String>> clashes) {
    super(
        Category.USER,
        "these are wanted twice, differently; give one of them another name, subnet, address, port or uplink:\n  "
            + clashes.entrySet().stream()
                .map(e -> e.getKey() + ": by " + String.join(" and by ", e.getValue()))
                .collect(Collectors.joining("\n  ")));
  }
}
