package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.report.Recommendation.Goal;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Estimate;
import dev.sluice.bench.workload.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of the figures, on figures of which the truth is known. */
class StandingTest {

  private static final WorkloadKey ROUND_TRIP = new WorkloadKey("tcp-rr", Mode.SAME_CPU);
  private static final WorkloadKey STREAM = new WorkloadKey("tcp-stream", Mode.CROSS_CPU);
  private static final List<String> DATAPATHS = List.of("bridge", "ebpf");

  @Test
  void theBestComesFirstAndTheOthersByHowFarTheyAreBehind() {
    Standing standing = Standing.of(ResultsSample.create(), ROUND_TRIP, DATAPATHS);
    assertThat(standing.groups())
        .extracting(Standing.Group::names)
        .containsExactly(List.of("ebpf"), List.of("bridge"));
    Estimate behind = standing.groups().get(1).toLeader().orElseThrow();
    assertThat(behind.median()).isBetween(1.09, 1.093);
    assertThat(behind.excludes(1)).isTrue();
  }

  @Test
  void ofRatesTheGreaterIsTheBetter() {
    Standing standing = Standing.of(ResultsSample.create(), STREAM, DATAPATHS);
    assertThat(standing.groups())
        .extracting(Standing.Group::names)
        .containsExactly(List.of("ebpf"), List.of("bridge"));
  }

  @Test
  void whoCannotBeToldApartIsTied() {
    Standing standing =
        Standing.of(ResultsSample.create(), ROUND_TRIP, List.of("veth-again", "veth", "bridge"));
    assertThat(standing.groups())
        .extracting(Standing.Group::names)
        .containsExactly(List.of("veth", "veth-again"), List.of("bridge"));
  }

  /** The middle one is told apart from the best; the last one scatters and is not. */
  @Test
  void whoIsLevelWithTheBestIsTiedWithItWhereverItComes() {
    double[] best = new double[20];
    Arrays.fill(best, 100);
    double[] middle = new double[20];
    Arrays.fill(middle, 102);
    double[] last = new double[20];
    Arrays.setAll(last, i -> i % 2 == 0 ? 90 : 116);
    Results results =
        ResultsSample.of(
            List.of(
                SampleFigures.rounds("last", last, Optional.empty()),
                SampleFigures.rounds("middle", middle, Optional.empty()),
                SampleFigures.rounds("best", best, Optional.empty())),
            1);
    Standing standing = Standing.of(results, ROUND_TRIP, List.of("best", "middle", "last"));
    assertThat(standing.groups())
        .extracting(Standing.Group::names)
        .containsExactly(List.of("best", "last"), List.of("middle"));
    assertThat(standing.groups().get(1).toLeader().orElseThrow().median()).isEqualTo(1.02);
  }

  /** With 6 rounds no two intervals hold at once with 95%, and with 7 no six do. */
  @Test
  void theMoreAreComparedTheMoreRoundsItTakes() {
    for (int datapaths = 2; datapaths <= 4; datapaths++) {
      int least = datapaths == 2 ? 6 : datapaths == 3 ? 7 : 8;
      assertThat(apart(datapaths, least - 1).groups()).isEmpty();
      assertThat(apart(datapaths, least).groups()).hasSize(datapaths);
    }
  }

  /** Each 10% behind the one before. */
  private static Standing apart(int datapaths, int rounds) {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < datapaths; i++) {
      double[] figures = new double[rounds];
      Arrays.fill(figures, 1000 * Math.pow(1.1, i));
      results.add(SampleFigures.rounds("d" + i, figures, Optional.empty()));
    }
    List<String> names = results.stream().map(Result::candidate).toList();
    return Standing.of(ResultsSample.of(results, 1), ROUND_TRIP, names);
  }

  @Test
  void nothingIsSaidOfANoisyMachineOrOfFewRounds() {
    assertThat(Standing.of(ResultsSample.noisy(), ROUND_TRIP, DATAPATHS).groups()).isEmpty();
    assertThat(Standing.of(ResultsSample.ofFewRounds(), ROUND_TRIP, DATAPATHS).groups()).isEmpty();
  }

  /** That two of what takes 10 ms come out 10 ms apart says little of what takes 42 and 90 ms. */
  @Test
  void theNoiseOfAnOperationIsATime() {
    WorkloadKey create = new WorkloadKey("create", Mode.UNPINNED);
    Results noisy = ResultsSample.withFloor(1.0);
    assertThat(Standing.of(noisy, create, DATAPATHS).groups())
        .extracting(Standing.Group::names)
        .containsExactly(List.of("bridge"), List.of("ebpf"));
    Results noisier = ResultsSample.withFloor(5.0);
    assertThat(Standing.of(noisier, create, DATAPATHS).groups())
        .extracting(Standing.Group::names)
        .containsExactly(List.of("bridge", "ebpf"));
    assertThat(Standing.of(noisy, ROUND_TRIP, DATAPATHS).groups())
        .as("of traffic it is a share")
        .hasSize(1);
  }

  @Test
  void aRecommendationHasAFigureForEachReason() {
    Recommendation latency = Recommendation.of(ResultsSample.create(), Goal.LATENCY);
    assertThat(latency.places())
        .extracting(Recommendation.Place::datapaths)
        .containsExactly(List.of("ebpf"), List.of("bridge"));
    assertThat(latency.places().get(0).reasons())
        .containsExactly(
            "tcp-rr, same-cpu: ebpf 14.30 \u00b5s (1.014 [1.009, 1.018] times veth)",
            "tcp-open-loop, cross-cpu: ebpf p99 42.00 \u00b5s (1.050 [0.900, 1.300] times veth)");
    assertThat(latency.remarks())
        .containsExactly("ipvlan is no choice: IPVLAN devices (CONFIG_IPVLAN)");
  }

  /** Round trips over the bridge take longer in all of these. */
  @Test
  void cpuIsDecidedByCpuTime() {
    Recommendation cpu = Recommendation.of(ResultsSample.create(), Goal.CPU);
    assertThat(cpu.places())
        .extracting(Recommendation.Place::datapaths)
        .containsExactly(List.of("ebpf"), List.of("bridge"));
    assertThat(cpu.places().get(0).reasons())
        .containsExactly(
            "tcp-rr, same-cpu: ebpf 15300 ns per transaction (1.014 [1.009, 1.018] times veth)");
    Results frugal = ResultsSample.withBridgeCosting(Optional.of(Collections.nCopies(20, 9_000.0)));
    assertThat(Recommendation.of(frugal, Goal.CPU).places())
        .extracting(Recommendation.Place::datapaths)
        .containsExactly(List.of("bridge"), List.of("ebpf"));
    assertThat(Recommendation.of(frugal, Goal.LATENCY).places().get(0).datapaths())
        .containsExactly("ebpf");
    Recommendation uncounted =
        Recommendation.of(ResultsSample.withBridgeCosting(Optional.empty()), Goal.CPU);
    assertThat(uncounted.places()).isEmpty();
    assertThat(uncounted.remarks())
        .contains(
            "tcp-rr, same-cpu decides nothing: too noisy, or too few rounds, or slices too short to"
                + " count CPU time");
  }

  /** Each is tied to probes, or to what a datapath would refuse. */
  @Test
  void whatTheTopologyNeedsIsToldBeforeTheRanking() {
    Recommendation latency = Recommendation.of(ResultsSample.create(), Goal.LATENCY);
    assertThat(latency.needs().orElseThrow())
        .containsExactly(
            "policy: in force on bridge, ebpf (policies: 1, rules: 3): where it denies, 6 probes"
                + " each were stopped",
            "node access: from the node to endpoints 3 probes each arrived on bridge, ebpf",
            "uplink eth7: refused by none of bridge, ebpf, not probed",
            "MAC limit: bridge, ebpf alike put 2 MACs of endpoints on the wire of eth8; a switch"
                + " that lets fewer speak at its port cuts some off",
            "kernel: 6.1.0-40-amd64 has what bridge, ebpf need");
    assertThat(latency.text()).containsSubsequence("\npolicy: ", "\nkernel: ", "\n1. ebpf");
    assertThat(MarkdownReport.render(ResultsSample.create()))
        .contains(
            "- node access: from the node to endpoints 3 probes each arrived on bridge, ebpf");
  }

  @Test
  void withoutAVerdictThereIsNoRanking() {
    for (Goal goal : Goal.values()) {
      Recommendation none = Recommendation.of(ResultsSample.noisy(), goal);
      assertThat(none.places()).isEmpty();
      assertThat(none.remarks().get(0)).contains("no ranking");
    }
    Recommendation unmeasured = Recommendation.of(ResultsSample.create(), Goal.CONNECTIONS);
    assertThat(unmeasured.places()).isEmpty();
  }
}
