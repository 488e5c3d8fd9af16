package dev.sluice.core.topology;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** How a file's own words appear in a message. */
final class Text {

  private static final int SHOWN = 64;

  private Text() {}

  /**
   * {@code text} between single quotes, on one line: cut after 64 characters, with everything that
   * a terminal might obey escaped.
   */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("'");
    text.codePoints()
        .limit(SHOWN)
        .forEach(
            c -> {
              if (isPlain(c)) {
                out.appendCodePoint(c);
              } else {
                out.append(String.format(Locale.ROOT, "\\u%04x", c));
              }
            });
    return out.append(text.codePointCount(0, text.length()) > SHOWN ? "…'" : "'").toString();
  }

  private static boolean isPlain(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** The candidate that {@code text} most likely meant: at most a third of its letters differ. */
  static Optional<String> nearest(String text, Collection<String> candidates) {
    if (text.length() > SHOWN) {
      return Optional.empty();
    }
    String lower = text.toLowerCase(Locale.ROOT);
    return candidates.stream()
        .filter(
            c -> distance(lower, c.toLowerCase(Locale.ROOT)) <= Math.max(1, (c.length() + 1) / 3))
        .min(Comparator.comparingInt(c -> distance(lower, c.toLowerCase(Locale.ROOT))));
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
