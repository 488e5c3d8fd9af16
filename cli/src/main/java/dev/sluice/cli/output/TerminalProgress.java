package dev.sluice.cli.output;

import java.io.PrintStream;

/**
 * The work in hand, on one line of a terminal that is rewritten and at last erased. What is over in
 * a second is not shown at all.
 */
final class TerminalProgress implements Console.ClosableProgress {

  private static final long QUIET_NANOS = 1_000_000_000L;
  private static final long TICK_MILLIS = 200;
  private static final int WIDEST = 79;
  private static final String ERASE = "\r\u001b[K";

  private final PrintStream err;
  private final long started = System.nanoTime();
  private String stage = "";
  private boolean shown;
  private boolean closed;

  TerminalProgress(PrintStream err) {
    this.err = err;
    Thread ticker = new Thread(this::tick, "progress");
    ticker.setDaemon(true);
    ticker.start();
  }

  @Override
  public synchronized void stage(String what, int count) {
    stage = count > 0 ? what + " (" + count + ")" : what;
  }

  @Override
  public synchronized void note(String text) {
    erase();
    err.println(text);
  }

  @Override
  public synchronized void close() {
    closed = true;
    erase();
    notifyAll();
  }

  private synchronized void tick() {
    try {
      while (!closed) {
        long elapsed = System.nanoTime() - started;
        if (elapsed >= QUIET_NANOS && !stage.isEmpty()) {
          String line = elapsed / 1_000_000_000L + " s  " + stage;
          err.print(ERASE + line.substring(0, Math.min(line.length(), WIDEST)));
          err.flush();
          shown = true;
        }
        wait(TICK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void erase() {
    if (shown) {
      err.print(ERASE);
      err.flush();
      shown = false;
    }
  }
}
