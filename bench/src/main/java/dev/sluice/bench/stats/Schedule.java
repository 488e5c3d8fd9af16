package dev.sluice.bench.stats;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The order in which slices are measured. Each round measures every workload on every candidate
 * once. The workloads come in a random order, and within each the candidates do: the slices that
 * are divided by each other stay neighbours, because the speed of a shared machine drifts.
 */
public record Schedule(List<Slot> slots) {

  /**
   * One slice. Workload and candidate are positions in the lists that the caller has; {@code round}
   * counts from 0, warm-up rounds apart from the measured ones.
   */
  public record Slot(boolean warmUp, int round, int workload, int candidate) {}

  public Schedule {
    slots = List.copyOf(slots);
  }

  /** The schedule of a {@code seed}; the same arguments give the same order. */
  public static Schedule of(
      long seed, int candidates, int workloads, int warmUpRounds, int rounds) {
    Random random = new Random(seed);
    List<Slot> slots = new ArrayList<>();
    for (int round = 0; round < warmUpRounds + rounds; round++) {
      boolean warmUp = round < warmUpRounds;
      int number = warmUp ? round : round - warmUpRounds;
      for (int workload : shuffled(workloads, random)) {
        for (int candidate : shuffled(candidates, random)) {
          slots.add(new Slot(warmUp, number, workload, candidate));
        }
      }
    }
    return new Schedule(slots);
  }

  private static List<Integer> shuffled(int size, Random random) {
    List<Integer> order = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      order.add(i);
    }
    Collections.shuffle(order, random);
    return order;
  }
}
