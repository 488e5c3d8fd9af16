package dev.sluice.bench.stats;

/**
 * How far two measurements of the same thing came out apart. {@code factor} is at least 1: no ratio
 * within [1/factor, factor] means anything.
 */
public record NoiseFloor(double factor) {

  public NoiseFloor {
    if (!(factor >= 1)) {
      throw new IllegalArgumentException("a noise floor is a factor of at least 1, not " + factor);
    }
  }

  /** The floor that an A/A pair shows: the farther end of the interval of their ratio. */
  public static NoiseFloor of(Estimate twinRatio) {
    return new NoiseFloor(Math.max(1, Math.max(twinRatio.high(), 1 / twinRatio.low())));
  }

  /** The same floor, but no lower than {@code share}. */
  public NoiseFloor atLeast(double share) {
    return new NoiseFloor(Math.max(factor, 1 + share));
  }

  /** Whether {@code ratio} lies beyond the floor, on either side of 1. */
  public boolean exceededBy(double ratio) {
    return ratio > factor || ratio < 1 / factor;
  }

  /** The floor as a share: 0.003 means that ratios within 0.3% of 1 are noise. */
  public double share() {
    return factor - 1;
  }
}
