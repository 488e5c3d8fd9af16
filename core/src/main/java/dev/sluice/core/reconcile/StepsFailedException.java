package dev.sluice.core.reconcile;

import dev.sluice.core.error.SluiceException;
import java.util.List;

/** Steps failed; every one is named, and is a suppressed exception of this one. */
public final class StepsFailedException extends SluiceException {

  private static final long serialVersionUID = 1L;

  private static final int SHOWN = 20;

  private StepsFailedException(List<RuntimeException> errors) {
    super(category(errors), text(errors));
    errors.forEach(this::addSuppressed);
  }

  /** Throws the only one of {@code errors} as it is, or all of them as one. */
  static void throwIfAny(List<RuntimeException> errors) {
    if (errors.size() == 1) {
      throw errors.get(0);
    }
    if (!errors.isEmpty()) {
      throw new StepsFailedException(errors);
    }
  }

  private static Category category(List<RuntimeException> errors) {
    return errors.get(0) instanceof SluiceException e ? e.category() : Category.INTERNAL;
  }

  private static String text(List<RuntimeException> errors) {
    List<String> lines =
        errors.stream().limit(SHOWN).map(Throwable::getMessage).distinct().toList();
    String more = errors.size() > SHOWN ? "\n  … and " + (errors.size() - SHOWN) + " more" : "";
    return errors.size() + " steps failed:\n  " + String.join("\n  ", lines) + more;
  }
}
