package dev.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.check.CheckReport;
import dev.sluice.core.check.Disagreement;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeteredCheckTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void probesAreCountedByOutcome() {
    MeteredCheck meters = new MeteredCheck(registry, "bridge");
    assertThat(probes("agree") + probes("disagree")).isZero();
    Disagreement one =
        new Disagreement("a", "b", "10.0.0.1", "tcp", 9, "endpoint", "pass", "deny", "");
    meters.record(new CheckReport("t", "bridge", 5, 4, List.of(one), false, 2, 2, 0, 0));
    assertThat(probes("agree")).isEqualTo(4);
    assertThat(probes("disagree")).isEqualTo(1);
  }

  private double probes(String outcome) {
    return registry
        .get("sluice.check.probes")
        .tags("datapath", "bridge", "outcome", outcome)
        .counter()
        .count();
  }
}
