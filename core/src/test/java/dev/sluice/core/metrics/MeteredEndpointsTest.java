package dev.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

class MeteredEndpointsTest {

  @Test
  void tellsHowManyAreUpByDatapath() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    MeteredEndpoints bridge = new MeteredEndpoints(registry, "bridge");
    new MeteredEndpoints(registry, "ebpf").up(3);
    assertThat(registry.get("sluice.endpoints").tag("datapath", "bridge").gauge().value()).isZero();
    bridge.up(2);
    assertThat(registry.get("sluice.endpoints").tag("datapath", "bridge").gauge().value())
        .isEqualTo(2);
    assertThat(registry.get("sluice.endpoints").tag("datapath", "ebpf").gauge().value())
        .isEqualTo(3);
  }
}
