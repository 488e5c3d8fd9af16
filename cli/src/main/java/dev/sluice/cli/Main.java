package dev.sluice.cli;

import dev.sluice.cli.command.ChangeGuard;
import dev.sluice.cli.command.ExitStatus;
import dev.sluice.cli.command.Invocation;
import dev.sluice.cli.output.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** The command line. Exit statuses are in {@link ExitStatus} and {@code docs/commands.md}. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    if (Version.isAsked(args)) {
      System.out.println(Version.text());
      System.exit(written(ExitStatus.DONE, System.out, System.err, Main::outIsPipe));
    }
    Console console = Console.ofProcess();
    Interruption interruption = Interruption.ofProcess(console.err());
    int status = ExitStatus.OUR_FAULT;
    try {
      status = run(args, console, interruption, Main::outIsPipe);
    } finally {
      interruption.finished();
    }
    // After a signal this never returns: the JVM ends with 128 and the signal's number.
    System.exit(status);
  }

  /** Runs a command without a process of its own: signals are the caller's. */
  public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
    return run(args, Console.of(in, out, err), () -> {}, () -> false);
  }

  private static int run(
      String[] args, Console console, ChangeGuard guard, BooleanSupplier outIsPipe) {
    int status;
    try {
      // A method reference would load Guice here and now.
      Invocation invocation = new Invocation(console, guard, () -> Bootstrap.parts());
      status = CommandTree.create(console, invocation).execute(args);
    } catch (RuntimeException | Error e) {
      status = new Failures(console, () -> true).report(e);
    }
    return written(status, console.out(), console.err(), outIsPipe);
  }

  /** The status of a command that ended with {@code status}, if all that it printed got out. */
  private static int written(
      int status, PrintStream out, PrintStream err, BooleanSupplier outIsPipe) {
    // checkError flushes first.
    if (!out.checkError() || status != ExitStatus.DONE) {
      return status;
    }
    // Into a pipe nothing can be written only when nobody reads it any more, and who left knows.
    if (outIsPipe.getAsBoolean()) {
      return ExitStatus.NOT_READ;
    }
    err.println("sluice: standard output could not be written");
    return ExitStatus.FAILED;
  }

  private static boolean outIsPipe() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().startsWith("pipe:");
    } catch (IOException e) {
      return false;
    }
  }
}
