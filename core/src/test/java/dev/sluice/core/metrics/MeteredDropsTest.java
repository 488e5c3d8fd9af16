package dev.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.Count;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.Counted.DefaultDeny;
import dev.sluice.core.datapath.Counted.Dropped;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.policy.PolicyId;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MeteredDropsTest {

  private static final Counted DENIED_TO_A =
      new DefaultDeny(Direction.INGRESS, new TreeSet<>(List.of("a")));
  private static final Counted DENIED_FROM_A =
      new DefaultDeny(Direction.EGRESS, new TreeSet<>(List.of("a")));
  private static final Counted ALLOWED =
      new Counted.Allowed(new RuleId(new PolicyId("default", "p"), Direction.INGRESS, 0));

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();

  private Counts counts() {
    long times = reads.incrementAndGet();
    return new Counts(
        Map.of(
            DENIED_TO_A,
            new Count(times, 60 * times),
            DENIED_FROM_A,
            new Count(10, 1000),
            ALLOWED,
            new Count(7, 700),
            new Dropped(DropReason.SPOOFED_IP),
            new Count(3, 180)),
        Set.of());
  }

  private double value(String unit, String reason) {
    FunctionCounter counter =
        registry
            .get("sluice.drop." + unit)
            .tags("datapath", "bridge", "reason", reason)
            .functionCounter();
    assertThat(counter.getId().getBaseUnit()).isEqualTo(unit);
    return counter.count();
  }

  @Test
  void dropsAreReadByReasonAndOnceForAllMeters() {
    new MeteredDrops(registry, "bridge", this::counts, nanos::get);
    assertThat(value("packets", "policy")).isEqualTo(11);
    assertThat(value("bytes", "policy")).isEqualTo(1060);
    assertThat(value("packets", "spoofed-ip")).isEqualTo(3);
    assertThat(value("bytes", "spoofed-ip")).isEqualTo(180);
    assertThat(reads).hasValue(1);

    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(value("packets", "policy")).isEqualTo(12);
    assertThat(value("packets", "spoofed-ip")).isEqualTo(3);
    assertThat(reads).hasValue(2);
  }

  @Test
  void nobodyNeedsToHoldThem() {
    new MeteredDrops(registry, "bridge", this::counts, nanos::get);
    System.gc();
    assertThat(value("packets", "policy")).isEqualTo(11);
  }

  @Test
  void whatTheDatapathDoesNotCountHasNoMeter() {
    new MeteredDrops(registry, "bridge", this::counts, nanos::get);
    assertThat(registry.find("sluice.drop.packets").functionCounters())
        .extracting(c -> c.getId().getTag("reason"))
        .containsExactlyInAnyOrder("policy", "spoofed-ip");
  }
}
