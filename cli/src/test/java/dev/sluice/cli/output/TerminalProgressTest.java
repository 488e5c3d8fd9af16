package dev.sluice.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(screen, true, StandardCharsets.UTF_8);

  private String screen() {
    return screen.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsQuickIsNotShownAndNotesAlwaysAre() {
    try (TerminalProgress progress = new TerminalProgress(err)) {
      progress.stage("links", 4);
      progress.note("going back");
    }
    assertThat(screen()).isEqualTo("going back\n");
  }

  @Test
  void whatTakesLongerIsShownOnOneLineThatIsErasedAtLast() throws InterruptedException {
    try (TerminalProgress progress = new TerminalProgress(err)) {
      progress.stage("x".repeat(100), 4);
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (screen().isEmpty() && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
      progress.note("a note");
    }
    String line = "\r\u001b[K1 s  " + "x".repeat(74);
    assertThat(screen()).startsWith(line).contains("\r\u001b[Ka note\n").doesNotContain("\n\n");
    assertThat(screen()).matches("(?s).*(\u001b\\[K|note\n)");
  }
}
