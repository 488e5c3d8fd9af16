package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.bench.report.Results.Cost;
import dev.sluice.bench.report.Results.Interval;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.Sample;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AnalysisTest {

  private static final int ROUNDS = 8;
  private static final Offset<Double> EXACT = within(1e-9);

  private static CpuTimes used(long user, long system, long softirq) {
    return new CpuTimes(user, system, softirq, 0, 0, user + system, 0);
  }

  /** Of a machine that gets slower from round to round. */
  private static Tally packets(int count, long busy) {
    Tally tally = new Tally();
    for (int round = 0; round < ROUNDS; round++) {
      long share = busy * (10 + round) / 10 / 4;
      tally.add(new Sample.Packets(count, count, 1), used(share, 2 * share, share));
    }
    return tally;
  }

  private static Optional<Cost> cost(Metric metric, Map<String, Tally> tallies, int candidate) {
    return new Analysis("any", Mode.SAME_CPU, Optional.empty(), metric, Map.of(), 1, 0.01, tallies)
        .results()
        .get(candidate)
        .cost();
  }

  private static Map<String, Tally> withControls(Tally bridge) {
    Map<String, Tally> tallies = new LinkedHashMap<>();
    tallies.put("bridge", bridge);
    tallies.put("veth", packets(100, 4_000_000));
    tallies.put("veth-again", packets(100, 4_040_000));
    return tallies;
  }

  @Test
  void cpuTimeIsPairedRoundByRoundLikeTheFigures() {
    Map<String, Tally> tallies = withControls(packets(50, 3_000_000));
    Cost bridge = cost(Metric.PACKET_RATE, tallies, 0).orElseThrow();
    List<Double> figures = bridge.figures().orElseThrow();
    assertThat(figures).hasSize(ROUNDS);
    assertThat(figures.get(0)).isCloseTo(60_000, EXACT);
    assertThat(figures.get(7)).isCloseTo(102_000, EXACT);
    assertThat(bridge.ratio().orElseThrow().to()).isEqualTo("veth");
    Interval interval = bridge.ratio().orElseThrow().interval().orElseThrow();
    assertThat(interval.low()).isCloseTo(1.5, EXACT);
    assertThat(interval.high()).isCloseTo(1.5, EXACT);
    assertThat(bridge.noiseFloor().orElseThrow()).isCloseTo(0.01, EXACT);
    Cost veth = cost(Metric.PACKET_RATE, tallies, 1).orElseThrow();
    assertThat(veth.ratio()).isEmpty();
    assertThat(veth.figures()).isPresent();
  }

  @Test
  void ofAStreamItIsForAGigabyte() {
    Tally stream = new Tally();
    stream.add(new Sample.Throughput(500_000_000, 1), used(30_000_000, 50_000_000, 20_000_000));
    Cost cost = cost(Metric.THROUGHPUT, Map.of("veth", stream), 0).orElseThrow();
    assertThat(cost.figures().orElseThrow().get(0)).isCloseTo(200_000_000, EXACT);
    assertThat(cost.machine()).isCloseTo(200_000_000, EXACT);
    assertThat(cost.noiseFloor()).isEmpty();
  }

  @Test
  void whereASliceWasTooShortForTheTickThereIsNoRatio() {
    Tally unseen = packets(50, 3_000_000);
    unseen.add(new Sample.Packets(1, 1, 1), used(0, 0, 0));
    Map<String, Tally> tallies = withControls(unseen);
    tallies.values().stream()
        .skip(1)
        .forEach(t -> t.add(new Sample.Packets(1, 1, 1), used(4_000_000, 0, 0)));
    Cost bridge = cost(Metric.PACKET_RATE, tallies, 0).orElseThrow();
    assertThat(bridge.figures()).isEmpty();
    assertThat(bridge.ratio()).isEmpty();
    assertThat(bridge.machine()).isPositive();
  }
}
