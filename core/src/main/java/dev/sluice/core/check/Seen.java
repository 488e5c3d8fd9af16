package dev.sluice.core.check;

import java.util.Locale;

/** What a probe came to. */
public enum Seen {
  /** It arrived, and where an answer is wanted, that came back. */
  PASS,
  /** Nothing arrived. */
  DENY,
  /** It arrived; the way back is closed. */
  NO_ANSWER,
  /** It arrived with another sender, elsewhere or cut short. */
  ALTERED;

  /** As a report has it. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
