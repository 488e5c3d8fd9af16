package dev.sluice.bench;

import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.workload.Sample;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** All measured slices of one workload on one candidate, in the order of the rounds. */
final class Tally {

  private static final int DIGITS = 4;

  private final List<Double> typical = new ArrayList<>();
  private final Histogram roundTrips = new Histogram(DIGITS);

  private CpuTimes cpu = CpuTimes.NONE;

  /** {@code used}: by all of the machine while the slice ran. */
  void add(Sample sample, CpuTimes used) {
    typical.add(sample.typical());
    cpu = cpu.plus(used);
    if (sample instanceof Sample.RoundTrips one) {
      roundTrips.add(one.histogram());
    }
  }

  /** The figure of each round. */
  double[] rounds() {
    return typical.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** CPU time that was used while the slices ran. */
  CpuTimes cpu() {
    return cpu;
  }

  /** How many values {@link #percentile} looks at: transactions, or slices of a stream. */
  long samples() {
    return perTransaction() ? roundTrips.getTotalCount() : typical.size();
  }

  /** Over all transactions; of a stream, over its slices. */
  double percentile(double percent) {
    return perTransaction()
        ? roundTrips.getValueAtPercentile(percent)
        : Statistics.percentile(rounds(), percent);
  }

  private boolean perTransaction() {
    return roundTrips.getTotalCount() > 0;
  }
}
