package dev.sluice.bench.workload;

import java.io.Closeable;
import java.io.IOException;

/**
 * One slice of traffic in one session. Both halves are run once, at the same time, each on a thread
 * of its own; they end together, and leave the session fit for another slice, with nothing on its
 * way.
 */
public interface Exchange extends Closeable {

  /** The half that starts the traffic, and ends it when the slice is over. */
  void client() throws IOException;

  /** The half that answers or drains until the client says that the slice is over. */
  void server() throws IOException;

  /** What came of it; asked only after both halves have returned. */
  Sample sample();

  /** Lets go of what this slice alone needed, whatever became of it. */
  @Override
  default void close() throws IOException {}
}
