package dev.sluice.core.reconcile;

import dev.sluice.core.error.SluiceException;
import java.util.List;

/** Objects that are not ours stand where wanted ones belong. Nothing was changed. */
public final class ForeignObjectException extends SluiceException {

  private static final long serialVersionUID = 1L;

  ForeignObjectException(List<String> foreign) {
    super(
        Category.TRANSIENT,
        "nothing was changed, for these are not Sluice's and stand in the way"
            + " (remove or rename them, or change the topology):\n  "
            + String.join("\n  ", foreign));
  }
}
