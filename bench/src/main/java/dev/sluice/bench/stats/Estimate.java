package dev.sluice.bench.stats;

/** A median and the bounds of its 95% interval. */
public record Estimate(double median, double low, double high) {

  public Estimate {
    if (!(low <= median && median <= high)) {
      throw new IllegalArgumentException(
          "the interval [" + low + ", " + high + "] does not hold its median " + median);
    }
  }

  /** How far the interval reaches from its median, as a share of that: the farther end. */
  public double precision() {
    return Math.max(high - median, median - low) / median;
  }

  /** Whether the whole interval lies on one side of {@code value}. */
  public boolean excludes(double value) {
    return high < value || low > value;
  }
}
