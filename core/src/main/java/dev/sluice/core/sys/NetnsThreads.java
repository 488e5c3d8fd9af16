package dev.sluice.core.sys;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A fixed pool of threads for many short tasks in many namespaces: entering one costs some
 * microseconds, {@link Netns#call} with its own thread some tens of times that. A task never sees
 * where the one before it was; a thread that cannot enter its task's namespace fails the task.
 */
public final class NetnsThreads implements AutoCloseable {

  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final ExecutorService pool;
  private final Netns parking;

  public NetnsThreads(int threads) {
    pool = Executors.newFixedThreadPool(threads, NetnsThreads::thread);
    parking = Netns.current();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "sluice-netns-" + COUNTER.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Runs {@code task} inside {@code ns}, which must stay open until then. The future fails with
   * what the task threw, or with the {@link SyscallException} of entering.
   */
  public <T> Future<T> submit(Netns ns, Callable<T> task) {
    return pool.submit(
        () -> {
          ns.enter();
          return parkAfter(task);
        });
  }

  /** Runs {@code task} inside a new namespace, which it may keep by {@link Netns#current}. */
  public <T> Future<T> submitNew(Callable<T> task) {
    return pool.submit(
        () -> {
          Netns.enterNew();
          return parkAfter(task);
        });
  }

  /** An idle thread would keep the namespace of its last task alive after its deletion. */
  private <T> T parkAfter(Callable<T> task) throws Exception {
    try {
      return task.call();
    } finally {
      parking.enter();
    }
  }

  /** Refuses further tasks, runs those submitted, and waits for them. */
  @Override
  public void close() {
    pool.shutdown();
    boolean interrupted = false;
    while (!pool.isTerminated()) {
      try {
        if (pool.awaitTermination(1, TimeUnit.HOURS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
        pool.shutdownNow();
      }
    }
    parking.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
