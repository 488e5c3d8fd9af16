package dev.sluice.bench.workload;

import org.HdrHistogram.Histogram;

/** What one slice yielded. */
public sealed interface Sample {

  /** The figure that stands for the slice, in the unit of its workload's metric. */
  double typical();

  /** The time of every transaction of the slice, nanoseconds. */
  record RoundTrips(Histogram histogram) implements Sample {

    /** Four digits: at 14 µs a step of 1 ns, less than the step of the clock. */
    private static final int DIGITS = 4;

    /** What the histogram has room for from the start; growing would be timed. */
    private static final long USUAL_LIMIT_NANOS = 60_000_000_000L;

    /** None yet. */
    static RoundTrips none() {
      Histogram histogram = new Histogram(USUAL_LIMIT_NANOS, DIGITS);
      histogram.setAutoResize(true);
      return new RoundTrips(histogram);
    }

    @Override
    public double typical() {
      return histogram.getValueAtPercentile(50);
    }
  }

  /** Payload counted at the receiver, and the time in which it came, nanoseconds. */
  record Throughput(long bytes, long nanos) implements Sample {
    /** Bytes per second. */
    @Override
    public double typical() {
      return bytes * 1e9 / nanos;
    }
  }
}
