package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResultTableTest {

  @Test
  void columnsLineUpAndSayTheirUnit() {
    assertThat(ResultTable.render(ResultsSample.create(), false))
        .startsWith(
            """
            bridge: 52 of 52 probes with real packets agree with the topology
            ebpf: 52 of 52 probes with real packets agree with the topology

            tcp-rr, same-cpu: less is better
            candidate   p50 µs  p90 µs  p99 µs  ratio    95% interval  verdict
            bridge       15.61   16.21  105.61  1.108  [1.104, 1.112]  slower
            ebpf         14.30   14.90  104.30  1.014  [1.009, 1.018]  slower
            veth         14.09   14.69  104.09      1                  reference
            veth-again   14.10   14.70  104.10  1.001  [0.998, 1.003]  level
            ratio to veth, median of 20 rounds; A/A noise floor: ±0.30%
            percentiles of a closed loop: p90 and p99 are no tail latency under load

            tcp-stream, cross-cpu: more is better
            candidate   p50 MB/s  p90 MB/s  p99 MB/s  ratio    95% interval  verdict
            bridge          9100      9300      9500  0.890  [0.870, 0.910]  slower
            ebpf           10100     10300     10500  0.990  [0.970, 1.010]  level
            veth           10200     10400     10600      1                  reference
            veth-again     10200     10400     10600  1.000  [0.990, 1.010]  level
            ratio to veth, median of 20 rounds; A/A noise floor: ±1.00%

            tcp-open-loop, cross-cpu: less is better
            """)
        .contains(
            """
            endpoint-memory, unpinned: less is better
            candidate   p50 KiB  p90 KiB  p99 KiB  ratio    95% interval  verdict
            bridge        210.0    211.0    212.0  1.050  [1.030, 1.070]  more
            """,
            """

            tcp-rr, same-cpu: by sockperf, and built in; medians of 1 round of 1 s
            candidate  built in µs  sockperf µs  sockperf / built in  to veth, built in  to veth, sockperf
            bridge           15.60        16.60                1.064              1.108  1.100 [1.090, 1.110]
            """)
        .contains(
            """

            TCP request/response, 1 byte each way, both ends on one CPU (tcp-rr-endpoints-N): less is better; 20 rounds
            candidate   endpoints  p50 µs  p90 µs  p99 µs  ratio    95% interval  growth    95% interval  verdict
            bridge              2   16.80   17.40  106.80  1.190  [1.180, 1.200]                          slower
            bridge            256   17.64   18.24  107.64  1.250  [1.220, 1.260]   1.050  [1.050, 1.050]  slower
            """)
        .contains("\nKernel memory of a node for each endpoint (node-memory-endpoints-N): ")
        .doesNotContain("\ntcp-rr-rules-10, same-cpu")
        .contains(
            "\n- TCP request/response, 1 byte each way, both ends on one CPU: ebpf is fastest")
        .endsWith("\nseed 1\n");
  }

  @Test
  void fewRoundsHaveNoInterval() {
    assertThat(ResultTable.render(ResultsSample.ofFewRounds(), false))
        .contains(
            """
            tcp-rr, same-cpu: less is better
            candidate   p50 µs  p90 µs  p99 µs  ratio  95% interval  verdict
            bridge       15.61   16.21  105.61  1.108                undecided
            ebpf         14.30   14.90  104.30  1.014                undecided
            veth         14.09   14.69  104.09      1                reference
            veth-again   14.10   14.70  104.10  1.001                undecided
            ratio to veth, median of 2 rounds; fewer than 6 rounds: no interval
            """);
  }

  @Test
  void theNoisyWorkloadsAreListedApartFromTheVerdicts() {
    assertThat(ResultTable.render(ResultsSample.noisy(4), false))
        .contains(
            """
            The machine was too noisy for a verdict on some workloads:
            - tcp-rr, same-cpu: 40.0% of the CPU time (limit: 10%) was used by other processes.

            - One TCP stream, each end on a CPU of its own: ebpf is best (""");
  }

  @Test
  void coloursTouchTheVerdictsOnly() {
    Results results = ResultsSample.create();
    String coloured = ResultTable.render(results, true);
    assertThat(coloured).contains("\u001b[31mslower\u001b[0m");
    assertThat(coloured.replaceAll("\u001b\\[\\d+m", ""))
        .isEqualTo(ResultTable.render(results, false));
  }
}
