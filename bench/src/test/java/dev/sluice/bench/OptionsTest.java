package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OptionsTest {

  private static Options of(int rounds, Duration slice) {
    return Options.of(Options.Profile.USUAL, 1).of(rounds, slice);
  }

  @Test
  void theWarmUpLastsAtLeastAsLongAsItShould() {
    assertThat(of(20, Duration.ofMillis(250)).warmUpRounds(4)).isEqualTo(2);
    assertThat(of(20, Duration.ofMillis(300)).warmUpRounds(4)).isEqualTo(2);
    assertThat(of(20, Duration.ofMillis(1)).warmUpRounds(4)).isEqualTo(500);
    assertThat(of(20, Duration.ofMinutes(1)).warmUpRounds(4)).isEqualTo(1);
  }

  @Test
  void bothModesAreMeasuredWhereThereAreTwoCpus() {
    assertThat(Options.workloads(2))
        .extracting(Workload::title)
        .containsExactly(
            "tcp-rr (same-cpu)",
            "tcp-rr (cross-cpu)",
            "udp-rr (same-cpu)",
            "tcp-crr (same-cpu)",
            "tcp-stream (same-cpu)");
    assertThat(Options.workloads(1))
        .extracting(Workload::title)
        .containsExactly(
            "tcp-rr (same-cpu)",
            "udp-rr (same-cpu)",
            "tcp-crr (same-cpu)",
            "tcp-stream (same-cpu)");
  }

  /** With three datapaths and three controls, and what else there is to do. */
  @Test
  void profilesKeepToTheirTime() {
    assertThat(Options.of(Options.Profile.QUICK, 1).least(6)).isLessThan(Duration.ofSeconds(25));
    Options usual = Options.of(Options.Profile.USUAL, 1);
    assertThat(usual.least(6)).isLessThan(Duration.ofSeconds(200));
    assertThat(usual.extra().timeLimit()).isLessThan(Duration.ofMinutes(5));
    assertThat(Options.of(Options.Profile.QUICK, 1).scale()).isEqualTo(Options.Scale.NONE);
    assertThat(usual.scale().rules()).containsExactly(10, 10_000);
    assertThat(RuleScale.least(usual, 4)).isLessThan(Duration.ofSeconds(25));
    assertThat(usual.scale().endpoints()).containsExactly(2, 16, 256);
    assertThat(EndpointScale.expected(usual, 4)).isLessThan(Duration.ofSeconds(45));
    assertThat(Options.of(Options.Profile.FULL, 1).scale().rules())
        .containsExactly(10, 100, 1_000, 10_000);
    assertThat(Options.of(Options.Profile.FULL, 1).workloads())
        .extracting(Workload::title)
        .doesNotHaveDuplicates()
        .hasSizeGreaterThan(9);
  }

  @Test
  void freshSeedsDiffer() {
    Set<Long> seeds = Stream.generate(Options::freshSeed).limit(20).collect(Collectors.toSet());
    assertThat(seeds).hasSizeGreaterThan(1).allMatch(seed -> seed >= 0 && seed < 1L << 31);
  }

  @Test
  void senselessOnesAreRefused() {
    Duration slice = Options.DEFAULT_SLICE;
    assertThatThrownBy(() -> of(0, slice)).hasMessageContaining("1 round, not 0");
    assertThatThrownBy(() -> of(1, Duration.ZERO)).hasMessageContaining("1 ms");
    assertThatThrownBy(() -> new Options(List.of(), 1, slice, slice, 1))
        .hasMessageContaining("no workload");
    assertThatThrownBy(() -> new Options(of(1, slice).workloads(), 1, slice, slice.negated(), 1))
        .hasMessageContaining("warm-up");
  }
}
