package dev.sluice.bench;

import dev.sluice.bench.stats.Schedule;
import dev.sluice.bench.workload.Generator;
import dev.sluice.bench.workload.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures in rounds: the warm-up, so many as were asked for, and then more for the workloads of
 * which some ratio is not known well enough yet, until the time is over. Whether to go on is
 * decided by the width of the intervals alone, and only after some rounds at once: to stop where a
 * difference happens to show would find one too often.
 */
final class Rounds {

  /** So many rounds are added at once. */
  private static final int BATCH = 5;

  private static final Path ROOT = Path.of("/");

  private final Generator generator;
  private final Lanes lanes;
  private final Options options;
  private final BenchMeters meters;
  private final SliceListener listener;
  private final Schedule schedule;
  private final Set<Integer> open;
  private final long started = System.nanoTime();
  private int done;
  private int total;

  Rounds(
      Generator generator,
      Lanes lanes,
      Options options,
      BenchMeters meters,
      SliceListener listener) {
    this.generator = generator;
    this.lanes = lanes;
    this.options = options;
    this.meters = meters;
    this.listener = listener;
    int workloads = options.workloads().size();
    this.schedule = new Schedule(options.seed(), workloads, lanes.candidates());
    this.open =
        IntStream.range(0, workloads).boxed().collect(Collectors.toCollection(TreeSet::new));
  }

  /** Runs them all; what they yield is in the lanes' tallies. */
  void run() throws InterruptedException {
    int warmUp = options.warmUpRounds(lanes.candidates());
    total = (warmUp + options.rounds()) * slicesOfARound();
    for (int round = -warmUp; round < options.rounds(); round++) {
      measure(round);
    }
    int round = options.rounds();
    while (more()) {
      total += BATCH * slicesOfARound();
      for (int i = 0; i < BATCH; i++) {
        measure(round++);
      }
    }
    listener.at(done, done, Duration.ZERO, "done");
  }

  private int slicesOfARound() {
    return open.size() * lanes.candidates();
  }

  /**
   * Closes the workloads that are known well enough; whether others are left, and time for them.
   */
  private boolean more() {
    Options.Extra extra = options.extra();
    if (extra.timeLimit().isZero()) {
      return false;
    }
    open.removeIf(w -> Analysis.precise(lanes.tallies(w), options.seed(), extra.precision()));
    Duration needed = each().multipliedBy((long) BATCH * slicesOfARound());
    return !open.isEmpty() && elapsed().plus(needed).compareTo(extra.timeLimit()) <= 0;
  }

  private void measure(int round) throws InterruptedException {
    for (Schedule.Slot slot : schedule.round(round, open)) {
      Lane lane = lanes.lane(slot.workload(), slot.candidate());
      listener.at(
          done,
          total,
          each().multipliedBy(total - done),
          lane.title() + (round < 0 ? ", warming up" : ""));
      CpuTimes before = CpuTimes.now(ROOT);
      Sample sample = lane.run(generator, options.slice());
      if (round >= 0) {
        lane.tally().add(sample, CpuTimes.now(ROOT).minus(before));
        meters.record(lane, sample);
      }
      done++;
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** What a slice takes with all that belongs to it; before the first one, as long as it lasts. */
  private Duration each() {
    return done == 0 ? options.slice() : elapsed().dividedBy(done);
  }
}
