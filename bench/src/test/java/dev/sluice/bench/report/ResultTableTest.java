package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultTableTest {

  @Test
  void columnsLineUpAndSayTheirUnit() {
    assertThat(ResultTable.render(ResultsSample.create(), false))
        .isEqualTo(
            """
            bridge: 52 of 52 probes with real packets agree with the topology

            tcp-rr, same-cpu: less is better
            candidate   p50 µs  p90 µs  p99 µs  ratio    95% interval  verdict
            bridge       15.61   16.21  105.61  1.108  [1.104, 1.112]  slower
            veth         14.09   14.69  104.09      1                  reference
            veth-again   14.10   14.70  104.10  1.001  [0.998, 1.003]  level
            ratio to veth, median of 20 rounds; A/A noise floor: ±0.30%
            percentiles of a closed loop: p90 and p99 are no tail latency under load

            tcp-stream, cross-cpu: more is better
            candidate   p50 MB/s  p90 MB/s  p99 MB/s  ratio    95% interval  verdict
            bridge          9100      9300      9500  1.250  [1.200, 1.300]  faster
            veth           10200     10400     10600      1                  reference
            veth-again     10200     10400     10600  1.000  [0.990, 1.010]  level
            ratio to veth, median of 20 rounds; A/A noise floor: ±1.00%

            seed 1
            """);
  }

  @Test
  void fewRoundsHaveNoInterval() {
    assertThat(ResultTable.render(ResultsSample.ofFewRounds(), false))
        .isEqualTo(
            """
            tcp-rr, same-cpu: less is better
            candidate   p50 µs  p90 µs  p99 µs  ratio  95% interval  verdict
            bridge       15.61   16.21  105.61  1.108                undecided
            veth         14.09   14.69  104.09      1                reference
            veth-again   14.10   14.70  104.10  1.001                undecided
            ratio to veth, median of 2 rounds; fewer than 6 rounds: no interval
            percentiles of a closed loop: p90 and p99 are no tail latency under load

            seed 1
            """);
  }

  @Test
  void coloursTouchTheVerdictsOnly() {
    Results results = ResultsSample.create();
    String coloured = ResultTable.render(results, true);
    assertThat(coloured)
        .contains("\u001b[31mslower\u001b[0m")
        .contains("\u001b[32mfaster\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[\\d+m", ""))
        .isEqualTo(ResultTable.render(results, false));
  }
}
