package dev.sluice.bench.stats;

import java.util.Random;
import java.util.stream.IntStream;

/** Shapes of noise with median 0; a machine's own is skewed to the slow side. */
public enum Scatter {
  NORMAL,
  EXPONENTIAL,
  OUTLIERS;

  private double draw(Random random) {
    return switch (this) {
      case NORMAL -> random.nextGaussian();
      case EXPONENTIAL -> -Math.log(1 - random.nextDouble()) - Math.log(2);
      case OUTLIERS -> random.nextGaussian() * (random.nextInt(10) == 0 ? 20 : 1);
    };
  }

  /** So many values of which {@code median} is the true median. */
  public double[] around(double median, int count, Random random) {
    return IntStream.range(0, count).mapToDouble(i -> median + 0.01 * draw(random)).toArray();
  }
}
