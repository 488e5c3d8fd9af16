package dev.sluice.cli;

import dev.sluice.cli.command.ChangeGuard;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What SIGINT and SIGTERM do. A command that waits or measures is interrupted and takes down what
 * it put up; one in the middle of changing a node ends the change, for half a change would only
 * have to be led back. Either has {@link #PATIENCE_SECONDS}; then the process ends, and the intent
 * on disk says what is left to do.
 */
final class Interruption implements ChangeGuard {

  static final long PATIENCE_SECONDS = 20;

  private final Thread command;
  private final CountDownLatch finished = new CountDownLatch(1);
  private boolean changing;

  private Interruption(Thread command) {
    this.command = command;
  }

  /** Acts on signals from now on; the calling thread is the one that runs the command. */
  static Interruption ofProcess(PrintStream err) {
    Interruption interruption = new Interruption(Thread.currentThread());
    Thread hook = new Thread(() -> interruption.signalled(err), "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
    return interruption;
  }

  @Override
  public synchronized void changeBegins() {
    if (!changing && command.isInterrupted()) {
      throw new SluiceException(Category.TRANSIENT, "interrupted");
    }
    changing = true;
  }

  /** The command is over and {@link System#exit} comes, which runs the hook too. */
  void finished() {
    finished.countDown();
  }

  private void signalled(PrintStream err) {
    if (finished.getCount() == 0) {
      return;
    }
    synchronized (this) {
      if (changing) {
        err.println("sluice: interrupted; the change that is under way is brought to its end");
      } else {
        command.interrupt();
      }
    }
    try {
      if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        err.println("sluice: gave up after " + PATIENCE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
