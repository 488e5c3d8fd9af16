package dev.sluice.cli.command;

import java.time.Duration;
import java.util.Locale;

/** How far a comparison is, as a line for a terminal. */
final class MeasuringBar {

  private static final int WIDTH = 20;

  private MeasuringBar() {}

  /** {@code done} of {@code total} slices are over, the rest takes {@code left}. */
  static String text(int done, int total, Duration left, String what) {
    int full = total == 0 ? WIDTH : (int) ((long) WIDTH * done / total);
    return String.format(
        Locale.ROOT,
        "[%s%s] %d:%02d left  %s",
        "#".repeat(full),
        ".".repeat(WIDTH - full),
        left.toMinutes(),
        left.toSecondsPart(),
        what);
  }
}
