package dev.sluice.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.topology.Topology;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A check of many endpoints is tens of thousands of packets, and takes seconds at most. */
class ProberScaleTest {

  @Test
  void fiftyEndpointsInTenNetworksAreProbedAllWithAll() {
    Topology topology = Topologies.many(50, 10);
    try (Lab lab = new Lab(topology)) {
      long start = System.nanoTime();
      CheckReport report = new Prober(Expected.everythingConnected()).run(topology, "bridge", lab);
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      assertThat(report.disagree()).isEmpty();
      // All pairs by four probes; gateway, node and itself by three; two families.
      assertThat(report.probes()).isEqualTo(2 * (50 * 49 * 4 + 50 * 9));
      assertThat(elapsed).isLessThan(Duration.ofSeconds(15));
    }
  }
}
