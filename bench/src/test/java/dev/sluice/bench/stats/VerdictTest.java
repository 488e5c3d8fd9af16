package dev.sluice.bench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class VerdictTest {

  private static final NoiseFloor QUIET = new NoiseFloor(1.003);

  @Test
  void lessTimeIsFasterAndLessThroughputIsSlower() {
    Estimate below = new Estimate(0.9, 0.89, 0.91);
    Estimate above = new Estimate(1.1, 1.09, 1.11);
    assertThat(Verdict.of(below, Metric.ROUND_TRIP, QUIET, 20)).isEqualTo(Verdict.FASTER);
    assertThat(Verdict.of(above, Metric.ROUND_TRIP, QUIET, 20)).isEqualTo(Verdict.SLOWER);
    assertThat(Verdict.of(below, Metric.THROUGHPUT, QUIET, 20)).isEqualTo(Verdict.SLOWER);
    assertThat(Verdict.of(above, Metric.THROUGHPUT, QUIET, 20)).isEqualTo(Verdict.FASTER);
  }

  @Test
  void anIntervalThatHoldsOneSaysNothing() {
    Estimate wide = new Estimate(0.9, 0.7, 1.0);
    assertThat(Verdict.of(wide, Metric.ROUND_TRIP, QUIET, 20)).isEqualTo(Verdict.LEVEL);
  }

  @Test
  void aDifferenceWithinTheNoiseFloorSaysNothing() {
    Estimate narrow = new Estimate(0.98, 0.975, 0.985);
    assertThat(Verdict.of(narrow, Metric.ROUND_TRIP, new NoiseFloor(1.03), 20))
        .isEqualTo(Verdict.LEVEL);
    assertThat(Verdict.of(narrow, Metric.ROUND_TRIP, QUIET, 20)).isEqualTo(Verdict.FASTER);
  }

  @Test
  void fewRoundsDecideNothing() {
    Estimate clear = new Estimate(0.5, 0.49, 0.51);
    assertThat(Verdict.of(clear, Metric.ROUND_TRIP, QUIET, 5)).isEqualTo(Verdict.UNDECIDED);
    assertThat(Verdict.of(clear, Metric.ROUND_TRIP, QUIET, 6)).isEqualTo(Verdict.FASTER);
  }

  @Test
  void theFloorIsTheFartherEndOfTheTwinsInterval() {
    assertThat(NoiseFloor.of(new Estimate(1.001, 0.99, 1.002)).factor())
        .isCloseTo(1 / 0.99, within(1e-12));
    assertThat(NoiseFloor.of(new Estimate(1.001, 0.999, 1.02)).share())
        .isCloseTo(0.02, within(1e-12));
    assertThat(NoiseFloor.of(new Estimate(1, 1, 1)).share()).isZero();
    assertThatThrownBy(() -> new NoiseFloor(0.9)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theTwinItselfIsAlwaysLevel() {
    Estimate twin = new Estimate(1.02, 1.01, 1.03);
    assertThat(Verdict.of(twin, Metric.ROUND_TRIP, NoiseFloor.of(twin), 20))
        .isEqualTo(Verdict.LEVEL);
  }
}
