package dev.sluice.bench.stats;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How much of the machine was somebody else's while something was measured. Ratios stand a little
 * of that, for it meets all candidates alike; where it is much, what one slice loses another does
 * not, and a verdict would be luck.
 *
 * @param stealShare of all CPU time: what the hypervisor gave to other guests
 * @param othersShare of all CPU time: what processes other than this one used
 * @param throttled how often a CPU was slowed down for its heat, where the kernel tells
 */
public record Noise(double stealShare, double othersShare, long throttled) {

  /** More steal than that leaves no verdict. */
  public static final double MOST_STEAL = 0.03;

  /** A busier company than that leaves no verdict. */
  public static final double MOST_OTHERS = 0.10;

  /** Whether no verdict may be given. */
  public boolean tooMuch() {
    return !reasons().isEmpty();
  }

  /** What was too much, in words. */
  public List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    if (stealShare > MOST_STEAL) {
      reasons.add(share(stealShare, MOST_STEAL) + " was taken by the hypervisor (steal)");
    }
    if (othersShare > MOST_OTHERS) {
      reasons.add(share(othersShare, MOST_OTHERS) + " was used by other processes");
    }
    if (throttled > 0) {
      reasons.add("a CPU was slowed down for its heat, " + throttled + " times");
    }
    return reasons;
  }

  private static String share(double share, double limit) {
    return String.format(
        Locale.ROOT, "%.1f%% of the CPU time (limit: %.0f%%)", 100 * share, 100 * limit);
  }
}
