package dev.sluice.cli.output;

import dev.sluice.core.reconcile.Progress;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The three standard streams and what is known of them. Data goes to {@link #out}, everything else
 * to {@link #err}; both are UTF-8, whatever the locale.
 */
public final class Console {

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final boolean errIsTerminal;
  private boolean colour;

  private Console(
      InputStream in, PrintStream out, PrintStream err, boolean colour, boolean errIsTerminal) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.colour = colour;
    this.errIsTerminal = errIsTerminal;
  }

  /** The streams of this process; colour on a terminal, unless the environment has NO_COLOR. */
  public static Console ofProcess() {
    String noColour = System.getenv("NO_COLOR");
    boolean wanted = noColour == null || noColour.isEmpty();
    return new Console(
        System.in,
        stream(FileDescriptor.out, false),
        stream(FileDescriptor.err, true),
        wanted && isTerminal(1),
        isTerminal(2));
  }

  /** Streams that are no terminals. */
  public static Console of(InputStream in, PrintStream out, PrintStream err) {
    return new Console(in, out, err, false, false);
  }

  private static PrintStream stream(FileDescriptor fd, boolean flush) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(fd)), flush, StandardCharsets.UTF_8);
  }

  /** {@link System#console} would ask for standard input to be one too. */
  private static boolean isTerminal(int fd) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
      return target.matches("/dev/(pts/[0-9]+|tty.*|console)");
    } catch (IOException e) {
      return false;
    }
  }

  public InputStream in() {
    return in;
  }

  public PrintStream out() {
    return out;
  }

  public PrintStream err() {
    return err;
  }

  public boolean colour() {
    return colour;
  }

  /** Colour whatever the terminal, or none. */
  public void colour(boolean wanted) {
    colour = wanted;
  }

  /** Prints a table on {@link #out}. */
  public void print(Table table) {
    out.print(table.render(colour));
  }

  /** Prints a record or JSON tree on {@link #out}; {@code format}: any but a table. */
  public void print(OutputFormat format, Object document) {
    out.print(Documents.render(format, document));
  }

  /** Where the work in hand is told: one line that is rewritten on a terminal, else notes only. */
  public ClosableProgress progress() {
    return errIsTerminal ? new TerminalProgress(err) : new NotesOnly(err);
  }

  /** Progress that leaves nothing behind on the screen once closed. */
  public interface ClosableProgress extends Progress, AutoCloseable {
    @Override
    void close();
  }

  private record NotesOnly(PrintStream err) implements ClosableProgress {
    @Override
    public void stage(String what, int count) {}

    @Override
    public void note(String text) {
      err.println(text);
    }

    @Override
    public void close() {}
  }
}
