package dev.sluice.bench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictTest {

  private static final NoiseFloor QUIET = new NoiseFloor(1.003);
  private static final Noise ALONE = new Noise(0.01, 0.02, 0);

  @Test
  void lessTimeIsFasterAndLessThroughputIsSlower() {
    Estimate below = new Estimate(0.9, 0.89, 0.91);
    Estimate above = new Estimate(1.1, 1.09, 1.11);
    assertThat(Verdict.of(below, Metric.ROUND_TRIP, QUIET, 20, ALONE)).isEqualTo(Verdict.FASTER);
    assertThat(Verdict.of(above, Metric.ROUND_TRIP, QUIET, 20, ALONE)).isEqualTo(Verdict.SLOWER);
    assertThat(Verdict.of(below, Metric.THROUGHPUT, QUIET, 20, ALONE)).isEqualTo(Verdict.SLOWER);
    assertThat(Verdict.of(above, Metric.THROUGHPUT, QUIET, 20, ALONE)).isEqualTo(Verdict.FASTER);
  }

  @Test
  void anIntervalThatHoldsOneSaysNothing() {
    Estimate wide = new Estimate(0.9, 0.7, 1.0);
    assertThat(Verdict.of(wide, Metric.ROUND_TRIP, QUIET, 20, ALONE)).isEqualTo(Verdict.LEVEL);
  }

  @Test
  void aDifferenceWithinTheNoiseFloorSaysNothing() {
    Estimate narrow = new Estimate(0.98, 0.975, 0.985);
    assertThat(Verdict.of(narrow, Metric.ROUND_TRIP, new NoiseFloor(1.03), 20, ALONE))
        .isEqualTo(Verdict.LEVEL);
    assertThat(Verdict.of(narrow, Metric.ROUND_TRIP, QUIET, 20, ALONE)).isEqualTo(Verdict.FASTER);
  }

  @Test
  void fewRoundsDecideNothing() {
    Estimate clear = new Estimate(0.5, 0.49, 0.51);
    assertThat(Verdict.of(clear, Metric.ROUND_TRIP, QUIET, 5, ALONE)).isEqualTo(Verdict.UNDECIDED);
    assertThat(Verdict.of(clear, Metric.ROUND_TRIP, QUIET, 6, ALONE)).isEqualTo(Verdict.FASTER);
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
    assertThat(Verdict.of(twin, Metric.ROUND_TRIP, NoiseFloor.of(twin), 20, ALONE))
        .isEqualTo(Verdict.LEVEL);
  }

  @Test
  void aDifferenceThatIsOfNoInterestIsLevel() {
    Estimate narrow = new Estimate(1.008, 1.007, 1.009);
    assertThat(Verdict.of(narrow, Metric.ROUND_TRIP, QUIET, 20, ALONE)).isEqualTo(Verdict.SLOWER);
    assertThat(Verdict.of(narrow, Metric.ROUND_TRIP, QUIET.atLeast(0.01), 20, ALONE))
        .isEqualTo(Verdict.LEVEL);
    assertThat(new NoiseFloor(1.02).atLeast(0.01)).isEqualTo(new NoiseFloor(1.02));
  }

  @Test
  void aNoisyMachineAllowsNoVerdictWhateverTheRatio() {
    Estimate clear = new Estimate(2, 1.9, 2.1);
    for (Noise noise :
        List.of(new Noise(0.031, 0, 0), new Noise(0, 0.101, 0), new Noise(0, 0, 1))) {
      assertThat(noise.reasons()).hasSize(1);
      assertThat(Verdict.of(clear, Metric.ROUND_TRIP, QUIET, 20, noise)).isEqualTo(Verdict.NOISY);
    }
    assertThat(new Noise(0.03, 0.1, 0).tooMuch()).isFalse();
    assertThat(new Noise(0.25, 0.5, 3).reasons())
        .containsExactly(
            "25.0% of the CPU time (limit: 3%) was taken by the hypervisor (steal)",
            "50.0% of the CPU time (limit: 10%) was used by other processes",
            "a CPU was slowed down for its heat, 3 times");
  }
}
