package dev.sluice.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** How a command ended, and what it printed. */
record Outcome(int status, String out, String err) {

  /** Runs a command in this process, with nothing on its standard input. */
  static Outcome of(String... args) {
    return withInput("", args);
  }

  static Outcome withInput(String input, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int status =
        Main.run(
            args,
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Outcome(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Such that a test can say in one line what it expects, and sees all of it if that fails. */
  Outcome expect(int wanted) {
    if (status != wanted) {
      throw new AssertionError("status " + status + ", not " + wanted + ": " + this);
    }
    return this;
  }
}
