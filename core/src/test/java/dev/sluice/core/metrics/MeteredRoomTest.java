package dev.sluice.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.reconcile.Room;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MeteredRoomTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicInteger reads = new AtomicInteger();

  private List<Room> rooms() {
    int read = reads.incrementAndGet();
    return List.of(new Room("openings", 3, 12), new Room("established", 64L * read, 128));
  }

  private double gauge(String name, String map) {
    return registry.get(name).tags(tags(map)).gauge().value();
  }

  private static Tags tags(String map) {
    return Tags.of("datapath", "ebpf", "map", map);
  }

  @Test
  void roomIsReadByMapAndOnceForAllMeters() {
    new MeteredRoom(registry, "ebpf", this::rooms, nanos::get);
    System.gc();
    assertThat(gauge("sluice.map.pressure", "openings")).isEqualTo(0.25);
    assertThat(gauge("sluice.map.pressure", "established")).isEqualTo(0.5);
    assertThat(gauge("sluice.conntrack.entries", "established")).isEqualTo(64);
    assertThat(reads).hasValue(1);

    nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    assertThat(gauge("sluice.map.pressure", "established")).isEqualTo(1);
    assertThat(reads).hasValue(2);
  }

  @Test
  void aDatapathThatDoesNotTellHasNoMeters() {
    new MeteredRoom(registry, "bridge", List::of, nanos::get);
    assertThat(registry.getMeters()).isEmpty();
  }
}
