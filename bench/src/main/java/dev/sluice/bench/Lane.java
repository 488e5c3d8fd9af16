package dev.sluice.bench;

import dev.sluice.bench.workload.Connection;
import dev.sluice.bench.workload.Generator;
import dev.sluice.bench.workload.Sample;
import dev.sluice.bench.workload.Workload;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.time.Duration;

/** One workload on one candidate: its standing connection, and what came of it so far. */
record Lane(Workload workload, Candidate candidate, Connection connection, Tally tally)
    implements AutoCloseable {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);

  /** Connects; a failure is told with candidate and workload. */
  static Lane open(Workload workload, Candidate candidate) throws InterruptedException {
    try {
      Connection connection = Connection.open(candidate.endpoints(), CONNECT_LIMIT);
      return new Lane(workload, candidate, connection, new Tally());
    } catch (IOException e) {
      // An interrupt closes the channel that it meets, and shows as a failure of that channel.
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while connecting");
      }
      throw failure(
          title(workload, candidate)
              + ": connect to "
              + candidate.endpoints().serverAddress()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  Sample run(Generator generator, Duration slice) throws InterruptedException {
    try {
      return generator.run(workload, connection, slice);
    } catch (IOException e) {
      throw failure(title() + ": the connection broke: " + e.getMessage(), e);
    }
  }

  String title() {
    return title(workload, candidate);
  }

  private static String title(Workload workload, Candidate candidate) {
    return workload.title() + " over " + candidate.name();
  }

  private static SluiceException failure(String message, IOException cause) {
    return new SluiceException(Category.TRANSIENT, message, cause);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (IOException e) {
      throw failure(title() + ": close: " + e.getMessage(), e);
    }
  }
}
