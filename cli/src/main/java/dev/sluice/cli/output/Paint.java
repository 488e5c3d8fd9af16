package dev.sluice.cli.output;

/** What a piece of text means, which a terminal shows as a colour (ECMA-48 SGR). */
public enum Paint {
  PLAIN(""),
  GOOD("\u001b[32m"),
  BAD("\u001b[31m"),
  CHANGED("\u001b[33m"),
  STRONG("\u001b[1m");

  private static final String RESET = "\u001b[0m";

  private final String start;

  Paint(String start) {
    this.start = start;
  }

  String apply(String text) {
    return this == PLAIN || text.isEmpty() ? text : start + text + RESET;
  }
}
