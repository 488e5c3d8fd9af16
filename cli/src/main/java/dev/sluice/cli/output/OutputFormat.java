package dev.sluice.cli.output;

import java.util.Locale;

/** How a command prints its data. */
public enum OutputFormat {
  /** For people. */
  TABLE,
  JSON,
  YAML;

  /** As it is written on a command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
