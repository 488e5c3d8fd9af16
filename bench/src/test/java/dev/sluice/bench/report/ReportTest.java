package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a report says; how it looks is seen in {@link BrowserTest}. */
class ReportTest {

  @Test
  void theVerdictComesFirstAndInWords() {
    assertThat(MarkdownReport.render(ResultsSample.create()))
        .startsWith(
            """
            # Datapaths for two-subnets compared

            ## Verdict

            Of 5 workloads, not counting those of more rules or endpoints, best or level with the best: ebpf in 3, bridge in 2.

            - TCP request/response, 1 byte each way, both ends on one CPU: ebpf is fastest (1.014 times veth); bridge has 1.092 [1.092, 1.092] times the time of ebpf (1.108 times veth).
            - One TCP stream, each end on a CPU of its own: ebpf is best (0.990 times veth); bridge has 0.901 [0.900, 0.902] times the rate of ebpf (0.890 times veth).
            - 99th percentile of TCP at a fixed rate, from the intended send, each end on a CPU of its own: ebpf is fastest (1.050 times veth); bridge has 1.429 [1.428, 1.430] times the time of ebpf (1.500 times veth).
            - TCP request/response, 1 byte each way, under 1,000 policy rules, both ends on one CPU: ebpf is fastest (1.020 times veth); bridge has 1.203 [1.203, 1.203] times the time of ebpf (1.230 times veth).
            - TCP request/response, 1 byte each way, among 256 endpoints, both ends on one CPU: ebpf is fastest (1.020 times veth); bridge has 1.228 [1.228, 1.229] times the time of ebpf (1.250 times veth).
            - Kernel memory of an endpoint: bridge is best (1.050 times veth); ebpf has 1.048 [1.048, 1.048] times the memory of bridge (1.100 times veth).
            - Kernel memory of a node for each endpoint, among 64 endpoints: bridge is best (1.120 times veth); ebpf has 1.339 [1.339, 1.340] times the memory of bridge (1.500 times veth).
            - Create the topology, until a connection stands: bridge is fastest (4.200 times veth); ebpf has 2.143 [2.140, 2.146] times the time of bridge (9.000 times veth).
            """);
  }

  @Test
  void aNoisyMachineIsToldBeforeAllElse() {
    String text = MarkdownReport.render(ResultsSample.noisy());
    assertThat(text)
        .contains("## Verdict\n\n> **The machine was too noisy: no verdict is given.")
        .contains("40.0% of the CPU time (limit: 10%) was used by other processes")
        .doesNotContain("fastest");
  }

  @Test
  void oneWorkloadIsNotCounted() {
    Results one = ResultsSample.ofOneWorkload();
    assertThat(MarkdownReport.render(one))
        .contains(
            "## Verdict\n\n- TCP request/response, 1 byte each way, both ends on one CPU: ebpf");
  }

  @Test
  void whatADatapathCannotDoIsInTheMatrix() {
    assertThat(MarkdownReport.render(ResultsSample.create()))
        .contains("| runs on this kernel | yes | yes | no: IPVLAN devices (CONFIG\\_IPVLAN) |")
        .contains("| TCP between endpoints | \u2713 4 of 4 | \u2713 4 of 4 | not tried |")
        .contains("Left out: udp-rr, because policy lets client send server no UDP");
  }

  @Test
  void theNumberOfRulesIsToldWithItsGrowth() {
    assertThat(MarkdownReport.render(ResultsSample.create()))
        .contains("## Scale")
        .contains(
            "| bridge | 1000 | 17.34 | 17.94 | 107.34 | 1.230 | [1.210, 1.240] | 1.020 |"
                + " [1.020, 1.020] | slower |")
        .contains("| veth |  | 14.09 | 14.69 | 104.09 | 1 |  |  |  | reference |")
        .contains("under 1,000 policy rules, both ends on one CPU: ebpf is fastest")
        .doesNotContain("**tcp-rr-rules-10");
  }

  @Test
  void theNumberOfEndpointsIsToldWithItsGrowth() {
    assertThat(MarkdownReport.render(ResultsSample.create()))
        .contains(
            "| bridge | 256 | 17.64 | 18.24 | 107.64 | 1.250 | [1.220, 1.260] | 1.050 |"
                + " [1.050, 1.050] | slower |")
        .contains("| veth |  | 14.09 | 14.69 | 104.09 | 1 |  |  |  | reference |")
        .contains("**Kernel memory of a node for each endpoint (node-memory-endpoints-N):")
        .contains("| veth | 64 | 200.1 | 201.1 | 202.1 | 1 |  | 1.000 |");
  }

  @Test
  void theMemoryOfEndpointsIsATable() {
    assertThat(MarkdownReport.render(ResultsSample.create()))
        .contains("## Memory")
        .contains("| bridge | 210.0 | 209.5 | 210.5 | 1.050 | [1.030, 1.070] | more | 1050.0 |")
        .contains("times the memory of bridge");
  }

  @Test
  void everyResultIsALineOfTheCsv() {
    Results results = ResultsSample.create();
    List<String> lines = CsvReport.render(results).lines().toList();
    assertThat(lines).hasSize(1 + results.results().size());
    assertThat(lines.get(0)).startsWith("candidate,workload,mode,metric,unit,p50,");
    assertThat(lines.get(1))
        .isEqualTo(
            "bridge,tcp-rr,same-cpu,round-trip,ns,15610.0,16210.0,105610.0,350000,20,veth,1.108,1.104,"
                + "1.112,0.003,slower,transaction,15610.0,5000.0,10610.0,1000.0,,,,,,0.002,0.05");
    long columns = lines.get(0).chars().filter(c -> c == ',').count();
    assertThat(lines).allMatch(line -> line.chars().filter(c -> c == ',').count() == columns);
  }
}
