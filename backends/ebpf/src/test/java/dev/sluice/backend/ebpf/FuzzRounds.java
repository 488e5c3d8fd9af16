package dev.sluice.backend.ebpf;

import dev.sluice.testkit.Part;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Random frames go through programs in rounds, each with other policies. Of a part of the policy
 * suite's cases ({@code SLUICE_CASES}) each round runs on one object of programs, and the next part
 * on another; of all cases, and with a seed that is given, each runs on each.
 */
final class FuzzRounds {

  private static final String PROPERTY = "sluice.fuzz.seed";

  static final long SEED = Long.getLong(PROPERTY, System.nanoTime());

  /** In each round. */
  static final int FRAMES = 125_000;

  private static final int ROUNDS = 8;

  private static final List<Programs> OBJECTS = List.of(Programs.values());

  private FuzzRounds() {}

  /** The numbers of those that run. */
  static int[] of(Programs programs) {
    Part part = Part.ofCases();
    boolean all = part.of() == 1 || Long.getLong(PROPERTY) != null;
    return IntStream.range(0, ROUNDS)
        .filter(n -> all || OBJECTS.get((n + part.number()) % OBJECTS.size()) == programs)
        .toArray();
  }

  /** Of a round: the same whichever others run. */
  static long seed(int round) {
    return new SplittableRandom(SEED).longs(ROUNDS).toArray()[round];
  }
}
