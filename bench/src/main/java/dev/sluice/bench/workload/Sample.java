package dev.sluice.bench.workload;

import org.HdrHistogram.Histogram;

/** What one slice yielded. */
public sealed interface Sample {

  /** The figure that stands for the slice, in the unit of its workload's metric. */
  double typical();

  /** The time of every transaction of the slice, nanoseconds. */
  record RoundTrips(Histogram histogram) implements Sample {
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
