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

  @Test
  void theWarmUpLastsAtLeastAsLongAsItShould() {
    assertThat(Options.of(20, Duration.ofMillis(250), 1).warmUpRounds(4)).isEqualTo(2);
    assertThat(Options.of(20, Duration.ofMillis(300), 1).warmUpRounds(4)).isEqualTo(2);
    assertThat(Options.of(20, Duration.ofMillis(1), 1).warmUpRounds(4)).isEqualTo(500);
    assertThat(Options.of(20, Duration.ofMinutes(1), 1).warmUpRounds(4)).isEqualTo(1);
  }

  @Test
  void bothModesAreMeasuredWhereThereAreTwoCpus() {
    assertThat(Options.workloads(2))
        .extracting(Workload::title)
        .containsExactly("tcp-rr (same-cpu)", "tcp-rr (cross-cpu)", "tcp-stream (same-cpu)");
    assertThat(Options.workloads(1))
        .extracting(Workload::title)
        .containsExactly("tcp-rr (same-cpu)", "tcp-stream (same-cpu)");
  }

  @Test
  void freshSeedsDiffer() {
    Set<Long> seeds = Stream.generate(Options::freshSeed).limit(20).collect(Collectors.toSet());
    assertThat(seeds).hasSizeGreaterThan(1).allMatch(seed -> seed >= 0 && seed < 1L << 31);
  }

  @Test
  void senselessOnesAreRefused() {
    Duration slice = Options.DEFAULT_SLICE;
    assertThatThrownBy(() -> Options.of(0, slice, 1)).hasMessageContaining("1 round, not 0");
    assertThatThrownBy(() -> Options.of(1, Duration.ZERO, 1)).hasMessageContaining("1 ms");
    assertThatThrownBy(() -> new Options(List.of(), 1, slice, slice, 1))
        .hasMessageContaining("no workload");
    assertThatThrownBy(
            () -> new Options(Options.of(1, slice, 1).workloads(), 1, slice, slice.negated(), 1))
        .hasMessageContaining("warm-up");
  }
}
