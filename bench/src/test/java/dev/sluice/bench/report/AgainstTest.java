package dev.sluice.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.report.Against.Change;
import dev.sluice.bench.report.Against.Difference;
import dev.sluice.core.error.SluiceException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgainstTest {

  private static final Results NOW = ResultsSample.create();

  private static Change bridge(Against against) {
    return against.changes().stream()
        .filter(c -> c.candidate().equals("bridge") && c.workload().equals("tcp-rr"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ratiosThatAreApartAreBetterOrWorse() {
    assertThat(bridge(Against.of("x", ResultsSample.withBridge(1.05), NOW)).verdict())
        .isEqualTo("better");
    assertThat(bridge(Against.of("x", ResultsSample.withBridge(0.95), NOW)).verdict())
        .isEqualTo("worse");
    assertThat(bridge(Against.of("x", ResultsSample.withBridge(1.003), NOW)).verdict())
        .as("the intervals meet")
        .isEqualTo("level");
    assertThat(bridge(Against.of("x", ResultsSample.withBridge(1.0095), NOW)).verdict())
        .as("less than is of interest")
        .isEqualTo("level");
  }

  @Test
  void whatDiffersIsNamedAndForbidsAVerdict() {
    Against against = Against.of("old.json", ResultsSample.onKernel("6.12.0"), NOW);
    assertThat(against.differences())
        .containsExactly(new Difference("kernel", "6.12.0", "6.1.0-40-amd64"));
    assertThat(against.changes())
        .hasSizeGreaterThan(3)
        .extracting(Change::verdict)
        .containsOnly("not-comparable");
    assertThat(MarkdownReport.render(ResultsSample.concluded()))
        .contains("Not comparable with old.json: the environments differ.")
        .contains("| kernel | 6.12.0 | 6.1.0-40-amd64 |");
    assertThat(ResultTable.render(ResultsSample.concluded(), false))
        .contains("against old.json of 2026-11-01T12:00:00Z, which is not comparable:")
        .contains("kernel: then 6.12.0, now 6.1.0-40-amd64")
        .contains("for latency (round trips):\n")
        .contains("\n1. ebpf\n");
  }

  @Test
  void theInterfacesBelongToTheEnvironment() {
    Results other = ResultsSample.withOffloads(Optional.of(List.of("tx-scatter-gather", "rx-lro")));
    assertThat(Against.of("x", other, NOW).differences())
        .containsExactly(new Difference("offloads of bridge", "also rx-lro", "also rx-gro"));
    assertThat(Against.of("x", ResultsSample.withOffloads(Optional.empty()), NOW).differences())
        .as("not told, as by older versions")
        .isEmpty();
    assertThat(Against.of("x", ResultsSample.onAWire(9000), ResultsSample.onAWire()).differences())
        .containsExactly(new Difference("MTU of the peer's parent", "9000", "1500"));
    assertThat(MarkdownReport.render(NOW))
        .contains("| bridge | 10.0.2.2 | 1500 | tx-scatter-gather, rx-gro |")
        .contains("| ebpf | 10.0.2.2 | 1500 | as bridge, and highdma, without rx-gro |")
        .contains("| veth | 10.0.2.2 | 1500 | as bridge |")
        .contains("| veth-again | 10.0.2.2 | 1500 | not told by the kernel |");
    assertThat(MarkdownReport.render(ResultsSample.onAWire(9000)))
        .contains("| eth1, here | MTU 1500; offloads: rx-gro |")
        .contains("| eth2, there | MTU 9000; offloads: not told by the kernel |");
  }

  /** Two files of one name, with as many of everything. */
  @Test
  void theTopologyIsComparedByWhatItSays() {
    Results other = ResultsSample.withDigest(Optional.of("fedcba9876543210"));
    Against against = Against.of("x", other, NOW);
    assertThat(against.differences())
        .containsExactly(
            new Difference(
                "topology and policies, digest", "fedcba9876543210", "0123456789abcdef"));
    assertThat(bridge(against).verdict()).isEqualTo("not-comparable");
    assertThat(Against.of("x", ResultsSample.withDigest(Optional.empty()), NOW).differences())
        .as("not told, as by older versions")
        .isEmpty();
  }

  @Test
  void theOtherHostBelongsToTheEnvironment() {
    Environment here = NOW.environment();
    Environment there =
        new Environment(
            here.started(),
            here.kernel(),
            here.cpuModel(),
            64,
            Optional.of("powersave"),
            Optional.of("mitigations=off"),
            here.bridgeNfCall(),
            "21.0.1 OpenJDK 64-Bit Server VM",
            here.loadAverage(),
            here.stealShare());
    assertThat(
            Against.of("x", ResultsSample.onAWire(1500, there), ResultsSample.onAWire())
                .differences())
        .containsExactly(
            new Difference("peer's CPUs online", "64", "2"),
            new Difference("peer's governor", "powersave", "none"),
            new Difference("peer's mitigations", "mitigations=off", "mitigations=auto"),
            new Difference("peer's Java", there.java(), here.java()));
  }

  @Test
  void noiseForbidsAVerdictToo() {
    assertThat(Against.of("x", ResultsSample.noisy(), NOW).changes())
        .extracting(Change::verdict)
        .containsOnly("not-comparable");
  }

  @Test
  void anotherTopologyIsRefused() {
    assertThatThrownBy(() -> Against.requireSame("old.json", NOW, "three-tier"))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("old.json")
        .hasMessageContaining("topology two-subnets, and not of three-tier");
  }
}
