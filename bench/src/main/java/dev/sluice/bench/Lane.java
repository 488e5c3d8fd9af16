package dev.sluice.bench;

import dev.sluice.bench.workload.Generator;
import dev.sluice.bench.workload.Sample;
import dev.sluice.bench.workload.Session;
import dev.sluice.bench.workload.Workload;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.time.Duration;

/** One workload on one candidate: what stands of it, and what came of it so far. */
record Lane(Workload workload, Candidate candidate, Session session, Tally tally)
    implements AutoCloseable {

  private static final Duration OPEN_LIMIT = Duration.ofSeconds(3);

  /** Sets the workload up; a failure is told with candidate and workload. */
  static Lane open(Workload workload, Candidate candidate) throws InterruptedException {
    try {
      Session session = workload.open(candidate.endpoints(), OPEN_LIMIT);
      return new Lane(workload, candidate, session, new Tally());
    } catch (IOException e) {
      // An interrupt closes the channel that it meets, and shows as a failure of that channel.
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while connecting");
      }
      throw failure(title(workload, candidate) + ": " + e.getMessage(), e);
    }
  }

  Sample run(Generator generator, Duration slice) throws InterruptedException {
    try {
      return generator.run(session, slice);
    } catch (IOException e) {
      throw failure(title() + ": the traffic broke off: " + e.getMessage(), e);
    }
  }

  String title() {
    return title(workload, candidate);
  }

  /** What the workload is called on this candidate. */
  String workloadName() {
    return candidate.nameOf(workload);
  }

  private static String title(Workload workload, Candidate candidate) {
    return workload.title() + " over " + candidate.title();
  }

  private static SluiceException failure(String message, IOException cause) {
    return new SluiceException(Category.TRANSIENT, message, cause);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (IOException e) {
      throw failure(title() + ": close: " + e.getMessage(), e);
    }
  }
}
