package dev.sluice.bench;

import dev.sluice.bench.workload.BulkStream;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.RequestResponse;
import dev.sluice.bench.workload.Workload;
import dev.sluice.core.sys.Affinity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How a comparison is done.
 *
 * @param workloads what is run on every candidate
 * @param rounds how often each slice is measured, at least 1
 * @param slice how long each is, at least a millisecond
 * @param warmUp for how long at least each workload runs before its first measured slice, on all
 *     candidates together: until the JIT compiler has settled
 * @param seed of the order of slices and of the resampling
 */
public record Options(
    List<Workload> workloads, int rounds, Duration slice, Duration warmUp, long seed) {

  public static final int DEFAULT_ROUNDS = 20;
  public static final Duration DEFAULT_SLICE = Duration.ofMillis(250);
  public static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(2);
  public static final Duration LEAST_SLICE = Duration.ofMillis(1);

  public Options {
    workloads = List.copyOf(workloads);
    if (workloads.isEmpty()) {
      throw new IllegalArgumentException("no workload");
    }
    if (rounds < 1) {
      throw new IllegalArgumentException("at least 1 round, not " + rounds);
    }
    if (slice.compareTo(LEAST_SLICE) < 0) {
      throw new IllegalArgumentException("a slice of at least 1 ms, not " + slice);
    }
    if (warmUp.isNegative()) {
      throw new IllegalArgumentException("a warm-up of at least 0, not " + warmUp);
    }
  }

  /**
   * Request/response and bulk stream, both ends on one CPU; and where this process may use two,
   * request/response across them.
   */
  public static Options of(int rounds, Duration slice, long seed) {
    return new Options(workloads(Affinity.allowed().size()), rounds, slice, DEFAULT_WARM_UP, seed);
  }

  static List<Workload> workloads(int cpus) {
    List<Workload> workloads = new ArrayList<>();
    workloads.add(new RequestResponse(Mode.SAME_CPU));
    if (cpus >= 2) {
      workloads.add(new RequestResponse(Mode.CROSS_CPU));
    }
    workloads.add(new BulkStream(Mode.SAME_CPU));
    return workloads;
  }

  /**
   * A seed for a comparison that is to be independent of others. Not negative and below 2^31, which
   * every reader of JSON keeps exactly.
   */
  public static long freshSeed() {
    return new SecureRandom().nextInt(Integer.MAX_VALUE);
  }

  /** How many rounds the warm-up takes with so many candidates. */
  int warmUpRounds(int candidates) {
    long each = slice.toNanos() * candidates;
    return (int) ((warmUp.toNanos() + each - 1) / each);
  }
}
