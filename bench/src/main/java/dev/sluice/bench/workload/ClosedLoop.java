package dev.sluice.bench.workload;

import java.io.IOException;
import org.HdrHistogram.Histogram;

/** What closed loops have in common: one transaction at a time, each with a byte as its request. */
final class ClosedLoop {

  /** The server answers every request with the request itself. */
  static final byte REQUEST = 0;

  /** After this one the slice is over for the server too; it is not timed. */
  static final byte LAST_REQUEST = 1;

  private ClosedLoop() {}

  interface Transaction {
    void run(byte request) throws IOException;
  }

  /**
   * Runs transactions for {@code nanos}, and the last one. The end of one is the start of the next,
   * so that each costs one look at the clock.
   */
  static void run(long nanos, Histogram times, Transaction transaction) throws IOException {
    long start = System.nanoTime();
    long end = start + nanos;
    while (start - end < 0) {
      transaction.run(REQUEST);
      long now = System.nanoTime();
      times.recordValue(now - start);
      start = now;
    }
    transaction.run(LAST_REQUEST);
  }

  static void check(byte request, byte answer) throws IOException {
    if (answer != request) {
      throw new IOException("the answer " + answer + " is not the request " + request);
    }
  }
}
