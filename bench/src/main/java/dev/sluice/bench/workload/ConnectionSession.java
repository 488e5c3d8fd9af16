package dev.sluice.bench.workload;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * A session on one connection that stands.
 *
 * @param slices makes the next slice on the connection
 */
record ConnectionSession(
    Mode mode, Connection connection, BiFunction<Connection, Duration, Exchange> slices)
    implements Session {

  @Override
  public Exchange exchange(Duration length) {
    return slices.apply(connection, length);
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
