package dev.sluice.bench.stats;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a ratio to the reference allows to be said. */
public enum Verdict {
  /** It is what the others are compared with. */
  REFERENCE,
  /** Better than the reference: the interval excludes 1, and the median lies beyond the floor. */
  FASTER,
  /** Worse than the reference, by the same rule. */
  SLOWER,
  /** No difference was shown; which does not prove that there is none. */
  LEVEL,
  /** Fewer than {@link #LEAST_ROUNDS} rounds. */
  UNDECIDED,
  /** The machine was not ours enough for a verdict: {@link Noise}. */
  NOISY;

  /**
   * With n pairs even the interval from the least ratio to the greatest covers the true median with
   * only 1 - 2^(1-n), which passes 95% at 6.
   */
  public static final int LEAST_ROUNDS = 6;

  /** The same for so many comparisons that are to hold with 95% all at once. */
  public static int leastRounds(int comparisons) {
    return (int) Math.ceil(1 + Math.log(20 * comparisons) / Math.log(2));
  }

  /**
   * Judges the {@code ratio} of a candidate to the reference, seen over {@code rounds} pairs.
   *
   * @param floor what a difference has to exceed: of an A/A pair, and the least that is of interest
   * @param noise of the machine meanwhile
   */
  public static Verdict of(
      Estimate ratio, Metric metric, NoiseFloor floor, int rounds, Noise noise) {
    if (noise.tooMuch()) {
      return NOISY;
    }
    if (rounds < LEAST_ROUNDS) {
      return UNDECIDED;
    }
    if (!ratio.excludes(1) || !floor.exceededBy(ratio.median())) {
      return LEVEL;
    }
    return ratio.median() < 1 == metric.lessIsBetter() ? FASTER : SLOWER;
  }

  /** The word for tables and {@code results.json}. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
