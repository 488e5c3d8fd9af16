package dev.sluice.cli.command;

import java.time.Duration;
import java.util.Locale;

/** How far a comparison is, as a line for a terminal: by the time, from when this was made. */
final class MeasuringBar {

  private static final int WIDTH = 20;

  private final long started = System.nanoTime();

  MeasuringBar() {}

  /** {@code what} is under way; all that is left takes {@code left}. */
  String text(Duration left, String what) {
    return text(Duration.ofNanos(System.nanoTime() - started), left, what);
  }

  static String text(Duration over, Duration left, String what) {
    long all = over.plus(left).toMillis();
    int full = all == 0 ? WIDTH : (int) (WIDTH * over.toMillis() / all);
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
