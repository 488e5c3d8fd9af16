package dev.sluice.core.metrics;

import dev.sluice.core.reconcile.Room;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The meters of how full is what a datapath remembers flows in: {@code sluice.map.pressure} and
 * {@code sluice.conntrack.entries}, by map. Read when they are asked for, at most once in a second:
 * a look at all meters reads once.
 */
public final class MeteredRoom {

  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Supplier<List<Room>> rooms;
  private final LongSupplier nanos;
  private List<Room> last;
  private long readAt;

  /** Of a topology on {@code datapath}, of which {@code rooms} reads the maps. */
  public MeteredRoom(MeterRegistry registry, String datapath, Supplier<List<Room>> rooms) {
    this(registry, datapath, rooms, System::nanoTime);
  }

  MeteredRoom(
      MeterRegistry registry, String datapath, Supplier<List<Room>> rooms, LongSupplier nanos) {
    this.rooms = rooms;
    this.nanos = nanos;
    this.last = rooms.get();
    this.readAt = nanos.getAsLong();
    last.forEach(room -> meter(registry, datapath, room.map()));
  }

  private void meter(MeterRegistry registry, String datapath, String map) {
    Tags tags = Tags.of("datapath", datapath, "map", map);
    // The registry holds the object weakly, and the function, which holds this, strongly.
    Gauge.builder("sluice.map.pressure", tags, t -> value(map, Room::pressure))
        .description("How full a map of the datapath is, from 0 to 1")
        .tags(tags)
        .register(registry);
    Gauge.builder("sluice.conntrack.entries", tags, t -> value(map, Room::entries))
        .description("Entries of a map that the datapath remembers flows in")
        .baseUnit("entries")
        .tags(tags)
        .register(registry);
  }

  private synchronized double value(String map, ToDoubleFunction<Room> field) {
    if (nanos.getAsLong() - readAt > FRESH.toNanos()) {
      last = rooms.get();
      readAt = nanos.getAsLong();
    }
    return last.stream()
        .filter(room -> room.map().equals(map))
        .mapToDouble(field)
        .findFirst()
        .orElse(0);
  }
}
