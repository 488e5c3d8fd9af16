package dev.sluice.bench.targets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.report.Environment;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.Cost;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.stats.Noise;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** What is computed, of a machine that is known: where a byte costs 0.1 ns, on every path. */
class ClaimsTest {

  private static final double NANOS_PER_BYTE = 0.1;
  private static final List<Double> DRIFT = List.of(1.0, 1.1, 1.0, 1.2, 1.0, 0.9);

  private static final Map<String, Double> ROUND_TRIPS =
      Map.of("bridge", 14_000.0, "veth", 10_000.0, "loopback", 9_800.0);

  /** All drift together from round to round, as a machine does. */
  private static List<Double> drifting(double figure, boolean time) {
    return DRIFT.stream().map(d -> time ? figure * d : figure / d).toList();
  }

  private static Result result(
      String candidate, String workload, Mode mode, Metric metric, double figure) {
    return new Result(
        candidate,
        workload,
        mode,
        Optional.empty(),
        metric,
        figure,
        figure,
        figure,
        60_000,
        drifting(figure, metric.lessIsBetter()),
        List.of(),
        Map.of(),
        Optional.of(
            new Cost(
                metric.costUnit(),
                0,
                100e6,
                400e6,
                500e6,
                Optional.empty(),
                Optional.empty(),
                Optional.empty())),
        Optional.empty(),
        Optional.empty(),
        new Noise(0, 0, 0),
        Verdict.LEVEL);
  }

  private static Results results(List<String> workloads) {
    List<Result> all = new ArrayList<>();
    for (Mode mode : Mode.PINNED) {
      ROUND_TRIPS.forEach(
          (name, trip) -> {
            double exchange = trip + NANOS_PER_BYTE * Claims.EXCHANGE_BYTES;
            all.add(result(name, "tcp-rr", mode, Metric.ROUND_TRIP, trip));
            all.add(result(name, "tcp-rr-1k-16k", mode, Metric.ROUND_TRIP, exchange));
            all.add(
                result(
                    name,
                    "tcp-stream",
                    mode,
                    Metric.THROUGHPUT,
                    name.equals("bridge") ? 0.98e9 : 1e9));
          });
    }
    return new Results(
        new Environment(
            "2026-11-23T12:00:00Z",
            "6.18.0",
            "Some CPU",
            2,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "17",
            0,
            0),
        Optional.empty(),
        new Results.Method(DRIFT.size(), 0.1, 1, 0, 0, 0.01),
        Optional.empty(),
        ROUND_TRIPS.keySet().stream()
            .map(n -> new Results.Path(n, "10.0.2.2", 1500, Optional.empty()))
            .toList(),
        List.of(),
        List.of(),
        List.of(),
        all.stream().filter(r -> workloads.contains(r.workload())).toList(),
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static final List<String> ALL = List.of("tcp-rr", "tcp-rr-1k-16k", "tcp-stream");

  private static List<String> row(String text, String title, String name) {
    String table = text.substring(text.indexOf(title));
    String line =
        table.lines().filter(l -> l.startsWith("| " + name + " |")).findFirst().orElseThrow();
    return List.of(line.substring(2, line.length() - 2).split(" \\| ", -1));
  }

  @Test
  void aCostIsTheTimeBeyondAndHeldAgainstFivePercent() {
    String text = Claims.of(results(ALL));
    assertThat(row(text, "under 5%", "tcp-rr, same-cpu"))
        .containsExactly(
            "tcp-rr, same-cpu",
            "+2.0% [+2.0, +2.0]: holds",
            "+40.0% [+40.0, +40.0]: **does not hold**",
            "+42.9% [+42.9, +42.9]: **does not hold**");
    assertThat(row(text, "under 5%", "tcp-stream, cross-cpu"))
        .as("less of a rate is more time")
        .contains("+2.0% [+2.0, +2.0]: holds", "+0.0% [+0.0, +0.0]: holds");
  }

  @Test
  void whatFollowsTheMachineForetellsItAndTheClaimDoesNot() {
    String text = Claims.of(results(ALL));
    double trip = 14e-6;
    double rate = 0.98e9;
    double measured =
        Claims.EXCHANGE_BYTES / (trip + NANOS_PER_BYTE * 1e-9 * Claims.EXCHANGE_BYTES);
    List<String> bridge = row(text, "tcp-rr-1k-16k, cross-cpu", "bridge");
    assertThat(bridge.subList(1, 4))
        .containsExactly("980", "14.00", Math.round(measured / 1e6) + "");
    double[] foretold =
        bridge.subList(4, 10).stream()
            .mapToDouble(cell -> Double.parseDouble(cell.substring(0, cell.indexOf(' '))))
            .toArray();
    double[] expected =
        DoubleStream.of(
                rate / (1 + trip),
                rate / (1 + trip * 1e3),
                rate / (1 + trip * 1e6),
                Claims.EXCHANGE_BYTES / (trip + Claims.EXCHANGE_BYTES / rate),
                Claims.EXCHANGE_BYTES / trip,
                measured)
            .map(t -> Math.round(t / measured * 1e3) / 1e3)
            .toArray();
    assertThat(foretold).containsExactly(expected);
    assertThat(row(text, "tcp-rr-1k-16k, same-cpu", "loopback")).contains("c is from here");
  }

  @Test
  void aStreamIsBoundByWhatItsBytesCost() {
    assertThat(row(Claims.of(results(ALL)), "what bounds a stream", "veth"))
        .containsExactly("veth", "1000", "1000", "1.00", "100000", "1.00");
  }

  @Test
  void aRunWithoutThoseWorkloadsIsNamed() {
    assertThatThrownBy(() -> Claims.of(results(List.of("tcp-rr"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no tcp-rr-1k-16k, same-cpu, of loopback: made by compare --full?");
  }
}
