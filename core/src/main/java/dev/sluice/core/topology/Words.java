package dev.sluice.core.topology;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How a file writes the constants of an enum. */
final class Words {

  private Words() {}

  /** In lower case, with '-' for '_'; in the order of {@code constants}. */
  @SafeVarargs
  static <E extends Enum<E>> Map<String, E> of(E... constants) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : constants) {
      words.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
    }
    return Collections.unmodifiableMap(words);
  }

  /** As the constants are spelled. */
  @SafeVarargs
  static <E extends Enum<E>> Map<String, E> verbatim(E... constants) {
    Map<String, E> words = new LinkedHashMap<>();
    for (E constant : constants) {
      words.put(constant.name(), constant);
    }
    return Collections.unmodifiableMap(words);
  }
}
