package dev.sluice.bench;

import dev.sluice.bench.workload.Connection;
import dev.sluice.bench.workload.Endpoints;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Sees by TCP when a change of policy takes effect. */
final class EffectWatch {

  /** An attempt to connect that is not answered in that time is given up, and made again. */
  private static final Duration ATTEMPT = Duration.ofMillis(5);

  /** Between two bytes of the busy connection: how exactly its end is seen. */
  private static final long PACE_NANOS = 200_000;

  /** For so long a connection must be silent to count as ended; retransmissions are denied too. */
  private static final Duration QUIET = Duration.ofMillis(40);

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private EffectWatch() {}

  /** Returns when a connection comes about. */
  static void awaitOpen(Endpoints endpoints) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      try (Connection connection = Connection.open(endpoints, ATTEMPT)) {
        if (connection.client().isConnected()) {
          return;
        }
      } catch (IOException e) {
        if (System.nanoTime() - deadline > 0) {
          throw failure("no connection comes about: " + e.getMessage());
        }
      }
    }
  }

  /** Nanoseconds from the beginning of {@code change} until a new connection comes about. */
  static double untilOpen(Endpoints endpoints, Runnable change) {
    long start = System.nanoTime();
    change.run();
    awaitOpen(endpoints);
    return System.nanoTime() - start;
  }

  /** Nanoseconds from the beginning of {@code change} until the last byte of a busy connection. */
  static double untilClosed(Endpoints endpoints, Runnable change) {
    try (Connection connection = Connection.open(endpoints, LIMIT);
        Busy busy = new Busy(connection)) {
      busy.await("no byte passes before the change", 0, false);
      long start = System.nanoTime();
      change.run();
      busy.await("bytes still pass after the change", System.nanoTime(), true);
      return Math.max(0, busy.last - start);
    } catch (IOException e) {
      throw failure(e.getMessage());
    }
  }

  private static SluiceException failure(String what) {
    return new SluiceException(Category.TRANSIENT, "control plane: " + what);
  }

  /** A thread that sends a byte again and again, and looks whether it comes. */
  private static final class Busy implements AutoCloseable {
    private final Connection connection;
    private final Thread thread = new Thread(this::run, "sluice-busy");
    private volatile boolean closed;

    /** When the last byte came; 0: none has. */
    private volatile long last;

    private volatile String failure = "";

    Busy(Connection connection) throws IOException {
      this.connection = connection;
      connection.client().configureBlocking(false);
      connection.server().configureBlocking(false);
      thread.setDaemon(true);
      thread.start();
    }

    private void run() {
      ByteBuffer one = ByteBuffer.allocateDirect(1);
      ByteBuffer many = ByteBuffer.allocateDirect(4096);
      try {
        while (!closed) {
          one.clear();
          connection.client().write(one);
          many.clear();
          if (connection.server().read(many) > 0) {
            last = System.nanoTime();
          }
          LockSupport.parkNanos(PACE_NANOS);
        }
      } catch (IOException e) {
        failure = String.valueOf(e.getMessage());
      }
    }

    /** Until a byte has come after {@code moment}, or, if that is to end, none for long. */
    void await(String otherwise, long moment, boolean quiet) {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (quiet
          ? System.nanoTime() - Math.max(last, moment) < QUIET.toNanos()
          : last <= moment) {
        if (System.nanoTime() - deadline > 0 || !failure.isEmpty()) {
          throw EffectWatch.failure(otherwise + (failure.isEmpty() ? "" : ": " + failure));
        }
        LockSupport.parkNanos(PACE_NANOS);
      }
    }

    @Override
    public void close() {
      closed = true;
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
