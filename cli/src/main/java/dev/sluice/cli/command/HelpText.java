package dev.sluice.cli.command;

/**
 * What the help of every command ends with: each exit status of {@link ExitStatus} in words. Text,
 * for annotations take nothing else.
 */
final class HelpText {

  static final String EXIT_HEADING = "%nExit status:%n";

  static final String DONE = "0:done";
  static final String FAILED = "1:failed; a change that fails is led back to what was there before";
  static final String CHANGES = "2:with --detailed-exitcode: there is something to change";
  static final String USAGE = "64:wrong usage";
  static final String BAD_INPUT = "65:bad input: file, line, column, and what would be right";
  static final String NO_TOPOLOGY = "65:there is no topology of that name";
  static final String LACKING = "69:the kernel or the host lacks something, which is named";
  static final String OUR_FAULT = "70:a fault of Sluice";
  static final String NOT_PERMITTED = "77:not permitted; nothing was touched";
  static final String INTERRUPTED = "130, 143:ended by SIGINT, SIGTERM";

  static final String NOT_READ = "141:done, but who read the output stopped before its end";

  private HelpText() {}
}
