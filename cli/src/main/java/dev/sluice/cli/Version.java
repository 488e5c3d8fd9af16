package dev.sluice.cli;

import java.util.Optional;

/** The version that is running. Asking for it loads nothing else. */
final class Version {

  private Version() {}

  /** Whether {@code args} ask for the version and nothing else. */
  static boolean isAsked(String[] args) {
    return args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"));
  }

  /** As the jar's manifest has it; classes that run from a directory have none. */
  static String text() {
    return "sluice "
        + Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("unpackaged");
  }
}
