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
 * @param rounds how often each slice is measured at least, 1 or more
 * @param slice how long each is, at least a millisecond
 * @param warmUp for how long at least each workload runs before its first measured slice, on all
 *     candidates together: until the JIT compiler has settled
 * @param seed of the order of slices and of the resampling
 * @param extra when rounds are added
 * @param minimumEffect the least difference that is of interest, as a share: 0.01 means that what
 *     lies within 1% of the reference is level with it
 */
public record Options(
    List<Workload> workloads,
    int rounds,
    Duration slice,
    Duration warmUp,
    long seed,
    Extra extra,
    double minimumEffect) {

  public static final int DEFAULT_ROUNDS = 20;
  public static final Duration DEFAULT_SLICE = Duration.ofMillis(250);
  public static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(2);
  public static final Duration LEAST_SLICE = Duration.ofMillis(1);

  public static final double DEFAULT_MINIMUM_EFFECT = 0.01;

  /**
   * Rounds are added to those workloads of which a ratio is known less well than this.
   *
   * @param precision how far an interval may reach from its median, as a share
   * @param timeLimit of all measuring, after which no round is added
   */
  public record Extra(double precision, Duration timeLimit) {

    /** No rounds are added. */
    public static final Extra NONE = new Extra(0, Duration.ZERO);

    public static final Extra DEFAULT = new Extra(0.01, Duration.ofMinutes(4));

    public Extra {
      if (!(precision >= 0 && precision < 1)) {
        throw new IllegalArgumentException("a precision from 0 to 1, not " + precision);
      }
    }
  }

  /** Options that add no rounds. */
  public Options(List<Workload> workloads, int rounds, Duration slice, Duration warmUp, long seed) {
    this(workloads, rounds, slice, warmUp, seed, Extra.NONE, DEFAULT_MINIMUM_EFFECT);
  }

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
    if (!(minimumEffect >= 0 && minimumEffect < 1)) {
      throw new IllegalArgumentException("a minimum effect from 0 to 1, not " + minimumEffect);
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

  /** The same, but for when rounds are added and what is of interest. */
  public Options with(Extra rule, double leastEffect) {
    return new Options(workloads, rounds, slice, warmUp, seed, rule, leastEffect);
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
