package dev.sluice.cli;

import dev.sluice.cli.command.ExitStatus;
import dev.sluice.cli.output.Console;
import dev.sluice.core.error.InvalidTopologyException;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.PrintStream;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns failures into words on standard error and an exit status. */
final class Failures {

  private static final String US = "sluice: ";

  /** What the library puts before some of its messages. */
  private static final String THEIRS = "Error: ";

  private final PrintStream err;
  private final BooleanSupplier verbose;

  Failures(Console console, BooleanSupplier verbose) {
    this.err = console.err();
    this.verbose = verbose;
  }

  /** A command line that says nothing we know. */
  int usage(ParameterException failure, String[] args) {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      err.println(US + "unknown: " + String.join(" ", unmatched.getUnmatched()));
      unmatched.getSuggestions().stream()
          .findFirst()
          .ifPresent(s -> err.println("Did you mean: " + s + "?"));
    } else {
      String message = failure.getMessage();
      err.println(US + (message.startsWith(THEIRS) ? message.substring(THEIRS.length()) : message));
    }
    err.println("Try: " + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
    return ExitStatus.USAGE;
  }

  /** A command that failed. */
  int report(Throwable failure) {
    if (failure instanceof InterruptedException) {
      err.println(US + "interrupted");
      return ExitStatus.INTERRUPTED;
    }
    int status = ExitStatus.OUR_FAULT;
    if (failure instanceof InvalidTopologyException e) {
      // Places only, one a line, as editors and CI systems read them.
      err.println(e.getMessage());
      status = e.category().exitStatus();
    } else if (failure instanceof SluiceException e) {
      err.println(US + e.getMessage());
      status = e.category().exitStatus();
    } else {
      err.println(US + failure);
    }
    if (status == Category.INTERNAL.exitStatus()) {
      err.println(
          US + "this is a fault of Sluice" + (verbose.getAsBoolean() ? ":" : "; -v shows where"));
    }
    if (verbose.getAsBoolean()) {
      failure.printStackTrace(err);
    }
    return status;
  }
}
