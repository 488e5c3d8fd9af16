package dev.sluice.bench.stats;

/** What a workload measures, in base units, and which way is better. */
public enum Metric {
  /** Round trip of one transaction, nanoseconds. */
  ROUND_TRIP("ns", true),
  /** Payload received per second, bytes per second. */
  THROUGHPUT("bytes/s", false);

  private final String unit;
  private final boolean lessIsBetter;

  Metric(String unit, boolean lessIsBetter) {
    this.unit = unit;
    this.lessIsBetter = lessIsBetter;
  }

  /** As it stands in {@code results.json}. */
  public String unit() {
    return unit;
  }

  public boolean lessIsBetter() {
    return lessIsBetter;
  }
}
