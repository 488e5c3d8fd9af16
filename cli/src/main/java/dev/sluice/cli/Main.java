package dev.sluice.cli;

import dev.sluice.cli.command.ChangeGuard;
import dev.sluice.cli.command.ExitStatus;
import dev.sluice.cli.command.Invocation;
import dev.sluice.cli.output.Console;
import java.io.InputStream;
import java.io.PrintStream;

/** The command line. Exit statuses are in {@link ExitStatus} and {@code docs/commands.md}. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    if (Version.isAsked(args)) {
      System.out.println(Version.text());
      return;
    }
    Console console = Console.ofProcess();
    Interruption interruption = Interruption.ofProcess(console.err());
    int status = ExitStatus.OUR_FAULT;
    try {
      status = run(args, console, interruption);
    } finally {
      interruption.finished();
    }
    // After a signal this never returns: the JVM ends with 128 and the signal's number.
    System.exit(status);
  }

  /** Runs a command without a process of its own: signals are the caller's. */
  public static int run(String[] args, InputStream in, PrintStream out, PrintStream err) {
    return run(args, Console.of(in, out, err), () -> {});
  }

  private static int run(String[] args, Console console, ChangeGuard guard) {
    int status;
    try {
      // A method reference would load Guice here and now.
      Invocation invocation = new Invocation(console, guard, () -> Bootstrap.parts());
      status = CommandTree.create(console, invocation).execute(args);
    } catch (RuntimeException | Error e) {
      status = new Failures(console, () -> true).report(e);
    }
    // checkError flushes first.
    if (console.out().checkError() && status == ExitStatus.DONE) {
      console.err().println("sluice: standard output could not be written");
      status = ExitStatus.FAILED;
    }
    return status;
  }
}
