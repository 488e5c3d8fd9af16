package dev.sluice.bench;

import dev.sluice.bench.report.Results;
import dev.sluice.bench.workload.BulkStream;
import dev.sluice.bench.workload.BulkStreams;
import dev.sluice.bench.workload.ConnectRequestResponse;
import dev.sluice.bench.workload.HeldConnections;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.OpenLoop;
import dev.sluice.bench.workload.RequestResponse;
import dev.sluice.bench.workload.UdpFlood;
import dev.sluice.bench.workload.UdpNewFlow;
import dev.sluice.bench.workload.UdpRequestResponse;
import dev.sluice.bench.workload.Workload;
import dev.sluice.core.sys.Affinity;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

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
 * @param scale what is measured of other sizes than the topology's
 */
public record Options(
    List<Workload> workloads,
    int rounds,
    Duration slice,
    Duration warmUp,
    long seed,
    Extra extra,
    double minimumEffect,
    Scale scale) {

  public static final int DEFAULT_ROUNDS = 20;
  public static final Duration DEFAULT_SLICE = Duration.ofMillis(250);
  public static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(2);
  public static final Duration LEAST_SLICE = Duration.ofMillis(1);
  public static final double DEFAULT_MINIMUM_EFFECT = 0.01;

  private static final int STREAMS = 8;
  private static final int HELD = 10_000;

  /** Which workloads, how often, for how long: each for a purpose. */
  public enum Profile {
    /** To see whether all works, and the largest differences; under a minute. */
    QUICK(8, Duration.ofMillis(60), Duration.ofMillis(700), Duration.ZERO),
    /** What most want to know. */
    USUAL(DEFAULT_ROUNDS, DEFAULT_SLICE, DEFAULT_WARM_UP, Extra.DEFAULT.timeLimit()),
    /** Every workload, in both modes. */
    FULL(DEFAULT_ROUNDS, DEFAULT_SLICE, DEFAULT_WARM_UP, Duration.ofMinutes(25));

    private final int rounds;
    private final Duration slice;
    private final Duration warmUp;
    private final Duration timeLimit;

    Profile(int rounds, Duration slice, Duration warmUp, Duration timeLimit) {
      this.rounds = rounds;
      this.slice = slice;
      this.warmUp = warmUp;
      this.timeLimit = timeLimit;
    }

    public int rounds() {
      return rounds;
    }

    public Duration slice() {
      return slice;
    }

    private Scale scale() {
      Workload standing = new RequestResponse(Mode.SAME_CPU);
      return switch (this) {
        case QUICK -> Scale.NONE;
        case USUAL -> new Scale(List.of(10, 10_000), List.of(2, 16, 256), List.of(standing), 64);
        case FULL ->
            new Scale(
                List.of(10, 100, 1_000, 10_000),
                List.of(2, 16, 64, 256),
                List.of(standing, new ConnectRequestResponse(Mode.SAME_CPU)),
                256);
      };
    }

    public Extra extra() {
      return timeLimit.isZero() ? Extra.NONE : new Extra(Extra.DEFAULT.precision(), timeLimit);
    }
  }

  /**
   * Rounds are added to those workloads of which a ratio is known less well than this.
   *
   * @param precision how far an interval may reach from its median, as a share
   * @param timeLimit of all measuring, after which no round is added; zero: none ever is
   */
  public record Extra(double precision, Duration timeLimit) {

    /** No rounds are added. */
    public static final Extra NONE = new Extra(0, Duration.ZERO);

    public static final Extra DEFAULT = new Extra(0.01, Duration.ofMinutes(3));

    public Extra {
      if (!(precision >= 0)) {
        throw new IllegalArgumentException("a precision of at least 0, not " + precision);
      }
    }
  }

  /**
   * What is measured beside the topology itself.
   *
   * @param rules numbers of policy rules that the measured flow is judged by, each in turn
   * @param endpoints numbers of endpoints, two of which are measured, each in turn
   * @param workloads what is run under them
   * @param memory up to how many endpoints the kernel's memory of a node is measured; 0: it is not
   */
  public record Scale(
      List<Integer> rules, List<Integer> endpoints, List<Workload> workloads, int memory) {

    public static final Scale NONE = new Scale(List.of(), List.of(), List.of(), 0);

    /** Long slices would add nothing to a ratio that rounds are for. */
    private static final Duration LONGEST_SLICE = Duration.ofMillis(100);

    public Scale {
      rules = List.copyOf(rules);
      endpoints = List.copyOf(endpoints);
      workloads = List.copyOf(workloads);
    }

    /** What is run at each size, as part of a comparison with {@code all}. */
    Options within(Options all) {
      return new Options(
          workloads,
          all.rounds,
          all.slice.compareTo(LONGEST_SLICE) < 0 ? all.slice : LONGEST_SLICE,
          LEAST_SLICE,
          all.seed,
          Extra.NONE,
          all.minimumEffect,
          NONE);
    }
  }

  /** Options that add no rounds, for the topology's own size. */
  public Options(List<Workload> workloads, int rounds, Duration slice, Duration warmUp, long seed) {
    this(workloads, rounds, slice, warmUp, seed, Extra.NONE, DEFAULT_MINIMUM_EFFECT, Scale.NONE);
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

  /** The options of a profile, for so many CPUs as this process may use. */
  public static Options of(Profile profile, long seed) {
    int cpus = Affinity.allowed().size();
    return new Options(
        profile == Profile.FULL ? everything(cpus) : workloads(cpus),
        profile.rounds,
        profile.slice,
        profile.warmUp,
        seed,
        profile.extra(),
        DEFAULT_MINIMUM_EFFECT,
        profile.scale());
  }

  /** The same, but for how often and how long. */
  public Options of(int count, Duration length) {
    return new Options(workloads, count, length, warmUp, seed, extra, minimumEffect, scale);
  }

  /** The same, but for when rounds are added and what is of interest. */
  public Options with(Extra rule, double leastEffect) {
    return new Options(workloads, rounds, slice, warmUp, seed, rule, leastEffect, scale);
  }

  /** The same, with other sizes. */
  Options with(Scale sizes) {
    return new Options(workloads, rounds, slice, warmUp, seed, extra, minimumEffect, sizes);
  }

  /** The same, without those workloads that {@code wanted} is false for. */
  Options only(Predicate<Workload> wanted) {
    return new Options(
        workloads.stream().filter(wanted).toList(),
        rounds,
        slice,
        warmUp,
        seed,
        extra,
        minimumEffect,
        scale);
  }

  /**
   * Round trips of TCP and UDP, connections and a stream, both ends on one CPU; and where there are
   * two, round trips of TCP across them.
   */
  static List<Workload> workloads(int cpus) {
    List<Workload> workloads = new ArrayList<>();
    workloads.add(new RequestResponse(Mode.SAME_CPU));
    if (cpus >= 2) {
      workloads.add(new RequestResponse(Mode.CROSS_CPU));
    }
    workloads.add(new UdpRequestResponse(Mode.SAME_CPU));
    workloads.add(new ConnectRequestResponse(Mode.SAME_CPU));
    workloads.add(new BulkStream(Mode.SAME_CPU));
    return workloads;
  }

  private static List<Workload> everything(int cpus) {
    List<Workload> workloads = new ArrayList<>();
    for (Mode mode : cpus >= 2 ? Mode.PINNED : List.of(Mode.SAME_CPU)) {
      workloads.add(new RequestResponse(mode));
      workloads.add(RequestResponse.large(mode));
      workloads.add(new OpenLoop(mode));
      workloads.add(new UdpRequestResponse(mode));
      workloads.add(new ConnectRequestResponse(mode));
      workloads.add(new UdpNewFlow(mode));
      workloads.add(new BulkStream(mode));
      workloads.add(new BulkStreams(mode, STREAMS));
      workloads.add(new UdpFlood(mode));
    }
    workloads.add(new HeldConnections(Mode.SAME_CPU, HELD));
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

  /** How long slices take at least, with so many candidates. */
  Duration least(int candidates) {
    return slice.multipliedBy(
        (long) (warmUpRounds(candidates) + rounds) * candidates * workloads.size());
  }

  /** As it stands in the results. */
  Results.Method method() {
    return new Results.Method(
        rounds,
        slice.toNanos() / 1e9,
        seed,
        extra.precision(),
        extra.timeLimit().toNanos() / 1e9,
        minimumEffect);
  }
}
