package dev.sluice.core.topology;

import java.util.Collection;
import java.util.Optional;

/** What somebody who gave a wrong name is told about the right ones. */
public final class Suggestion {

  private static final int LISTED = 12;

  private Suggestion() {}

  /**
   * The end of a sentence that says that {@code name} is none of {@code names}: which of them was
   * probably meant, or else what they are.
   */
  public static String instead(String name, Collection<String> names) {
    Optional<String> nearest = Text.nearest(name, names);
    if (nearest.isPresent()) {
      return "; did you mean " + Text.quote(nearest.get()) + "?";
    }
    if (names.isEmpty()) {
      return "; there is none";
    }
    String listed = String.join(", ", names.stream().limit(LISTED).toList());
    return "; there are: "
        + listed
        + (names.size() > LISTED ? " and %d more".formatted(names.size() - LISTED) : "");
  }
}
