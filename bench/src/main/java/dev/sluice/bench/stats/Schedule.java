package dev.sluice.bench.stats;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The order in which slices are measured. A round measures every workload on every candidate once.
 * The workloads come in a random order, and within each the candidates do: the slices that are
 * divided by each other stay neighbours, because the speed of a shared machine drifts.
 *
 * <p>The order of a round depends on the seed and its number alone. Workloads that need no more
 * rounds are left out of it, and the others come as they would have.
 *
 * @param seed the same one gives the same order
 * @param workloads how many there are
 * @param candidates how many there are
 */
public record Schedule(long seed, int workloads, int candidates) {

  /** Apart from the number of any workload. */
  private static final int OF_WORKLOADS = -1;

  /** One slice. Workload and candidate are positions in the lists that the caller has. */
  public record Slot(int workload, int candidate) {}

  /**
   * The slices of one round.
   *
   * @param round counts from 0; the warm-up's are negative, and have orders of their own
   * @param open the workloads that are measured in it
   */
  public List<Slot> round(int round, Collection<Integer> open) {
    List<Slot> slots = new ArrayList<>();
    for (int workload : shuffled(workloads, random(round, OF_WORKLOADS))) {
      if (open.contains(workload)) {
        for (int candidate : shuffled(candidates, random(round, workload))) {
          slots.add(new Slot(workload, candidate));
        }
      }
    }
    return slots;
  }

  private Random random(int round, int workload) {
    long mixed = new SplittableRandom(seed).nextLong() + 1_000_003L * round + workload;
    return new Random(new SplittableRandom(mixed).nextLong());
  }

  private static List<Integer> shuffled(int size, Random random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, size).boxed().toList());
    Collections.shuffle(order, random);
    return order;
  }
}
