package dev.sluice.bench.workload;

import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** What one slice yielded. */
public sealed interface Sample {

  /** The figure that stands for the slice, in the unit of its workload's metric. */
  double typical();

  /** How much was done: transactions, bytes, or packets that arrived. */
  long units();

  /** The times of all transactions, where there are such. */
  default Optional<Histogram> times() {
    return Optional.empty();
  }

  /** What else was seen, by its name in {@code results.json}. */
  default Map<String, Double> extras() {
    return Map.of();
  }

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

    @Override
    public long units() {
      return histogram.getTotalCount();
    }

    @Override
    public Optional<Histogram> times() {
      return Optional.of(histogram);
    }
  }

  /** The time of every transaction from when it was to be sent, nanoseconds. */
  record Latencies(Histogram histogram) implements Sample {

    /** The tail is what an open loop is run for. */
    public static final double PERCENT = 99;

    @Override
    public double typical() {
      return histogram.getValueAtPercentile(PERCENT);
    }

    @Override
    public long units() {
      return histogram.getTotalCount();
    }

    @Override
    public Optional<Histogram> times() {
      return Optional.of(histogram);
    }
  }

  /**
   * Round trips while other connections stand.
   *
   * @param held how many stood
   * @param bytes what they took of the kernel's memory, of the whole machine
   */
  record Held(RoundTrips trips, int held, long bytes) implements Sample {
    @Override
    public double typical() {
      return trips.typical();
    }

    @Override
    public long units() {
      return trips.units();
    }

    @Override
    public Optional<Histogram> times() {
      return trips.times();
    }

    @Override
    public Map<String, Double> extras() {
      return Map.of("held", (double) held, "bytesPerConnection", (double) bytes / held);
    }
  }

  /** Payload counted at the receiver, and the time in which it came, nanoseconds. */
  record Throughput(long bytes, long nanos) implements Sample {
    /** Bytes per second. */
    @Override
    public double typical() {
      return bytes * 1e9 / nanos;
    }

    @Override
    public long units() {
      return bytes;
    }
  }

  /** Packets that were sent, those that arrived, and the time in which they did, nanoseconds. */
  record Packets(long sent, long received, long nanos) implements Sample {
    /** Packets per second, of those that arrived. */
    @Override
    public double typical() {
      return received * 1e9 / nanos;
    }

    @Override
    public long units() {
      return received;
    }

    @Override
    public Map<String, Double> extras() {
      return Map.of("loss", 1 - (double) received / sent);
    }
  }
}
