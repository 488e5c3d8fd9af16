package dev.sluice.bench;

import dev.sluice.bench.report.Results.Quantile;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.workload.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.HdrHistogram.Histogram;

/** All measured slices of one workload on one candidate, in the order of the rounds. */
final class Tally {

  private static final int DIGITS = 4;

  /** Of a curve that is to show the tail. */
  private static final double[] CURVE = {
    10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99, 100
  };

  private final List<Double> typical = new ArrayList<>();
  private final List<Double> costs = new ArrayList<>();
  private final Histogram times = new Histogram(DIGITS);
  private final Map<String, Double> extras = new TreeMap<>();
  private CpuTimes cpu = CpuTimes.NONE;
  private long units;

  /** {@code used}: by all of the machine while the slice ran. */
  void add(Sample sample, CpuTimes used) {
    add(sample.typical(), used);
    costs.add((double) used.busy() / sample.units());
    units += sample.units();
    sample.times().ifPresent(times::add);
    sample.extras().forEach((name, value) -> extras.merge(name, value, Double::sum));
  }

  /** A figure that is all there is of its round. */
  void add(double figure, CpuTimes used) {
    typical.add(figure);
    cpu = cpu.plus(used);
  }

  /** Something of all rounds. */
  void know(String name, double value) {
    extras.put(name, value * typical.size());
  }

  /** The figure of each round. */
  double[] rounds() {
    return typical.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** CPU time of the machine for each transaction, byte or packet, of each round. */
  double[] costs() {
    return costs.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** CPU time that was used while the slices ran. */
  CpuTimes cpu() {
    return cpu;
  }

  /** Transactions, bytes or packets, of all rounds. */
  long units() {
    return units;
  }

  /** What else was seen, as means of the rounds. */
  Map<String, Double> extras() {
    Map<String, Double> means = new TreeMap<>();
    extras.forEach((name, sum) -> means.put(name, sum / typical.size()));
    return means;
  }

  /** How many values {@link #percentile} looks at: transactions, or slices of a stream. */
  long samples() {
    return perTransaction() ? times.getTotalCount() : typical.size();
  }

  /** Over all transactions; of a stream, over its slices. */
  double percentile(double percent) {
    return perTransaction()
        ? times.getValueAtPercentile(percent)
        : Statistics.percentile(rounds(), percent);
  }

  /** The distribution over all transactions; empty where there are none. */
  List<Quantile> curve() {
    return perTransaction()
        ? DoubleStream.of(CURVE).mapToObj(p -> new Quantile(p, percentile(p))).toList()
        : List.of();
  }

  private boolean perTransaction() {
    return times.getTotalCount() > 0;
  }
}
