package dev.sluice.bench.workload;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/**
 * A workload between two endpoints, ready to run: it holds what stands from slice to slice, a
 * connection or a listening socket.
 */
public interface Session extends Closeable {

  /** Where its two ends run. */
  Mode mode();

  /** The next slice, to be run by a {@link Generator} and then closed; one at a time. */
  Exchange exchange(Duration length) throws IOException;

  /** Closes all that stands or is under way; the halves of an exchange that runs fail at once. */
  @Override
  void close() throws IOException;
}
