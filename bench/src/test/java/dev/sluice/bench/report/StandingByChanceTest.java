package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.stats.NoiseFloor;
import dev.sluice.bench.stats.Scatter;
import dev.sluice.bench.stats.Statistics;
import dev.sluice.bench.workload.Mode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How often equal datapaths are told apart by chance: the one that came out best was found among
 * all of them.
 */
class StandingByChanceTest {

  private static final List<Scatter> SCATTERS = List.of(Scatter.values());
  private static final int EXPERIMENTS = 450;
  private static final WorkloadKey ROUND_TRIP = new WorkloadKey("tcp-rr", Mode.SAME_CPU);

  /** On a machine that drifts by 20% from round to round; a change of policy has no A/A pair. */
  @ParameterizedTest
  @CsvSource({"3, 8, true", "3, 20, false", "4, 8, false", "4, 20, false"})
  void equalDatapathsAreSeldomToldApart(int datapaths, int rounds, boolean twin) {
    List<String> names = IntStream.range(0, datapaths).mapToObj(i -> "d" + i).toList();
    Random random = new Random(rounds);
    int apart = 0;
    for (int i = 0; i < EXPERIMENTS; i++) {
      Scatter scatter = SCATTERS.get(i % SCATTERS.size());
      double[] drift = random.doubles(rounds, 1.0, 1.2).toArray();
      Optional<Double> floor =
          twin ? Optional.of(floor(scatter, rounds, random, i)) : Optional.empty();
      Results results =
          ResultsSample.of(
              names.stream()
                  .map(name -> SampleFigures.rounds(name, equal(scatter, drift, random), floor))
                  .toList(),
              i);
      apart += Standing.of(results, ROUND_TRIP, names).groups().size() > 1 ? 1 : 0;
    }
    assertThat((double) apart / EXPERIMENTS).isLessThanOrEqualTo(0.05);
  }

  private static double[] equal(Scatter scatter, double[] drift, Random random) {
    double[] figures = scatter.around(1, drift.length, random);
    Arrays.setAll(figures, i -> figures[i] * drift[i]);
    return figures;
  }

  private static double floor(Scatter scatter, int rounds, Random random, long seed) {
    double[] ratios =
        Statistics.pairedRatios(
            scatter.around(1, rounds, random), scatter.around(1, rounds, random));
    return NoiseFloor.of(Statistics.medianWithInterval(ratios, seed)).share();
  }
}
