package dev.sluice.core.metrics;

import dev.sluice.core.datapath.Count;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.reconcile.Counts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The meters of what a datapath drops: {@code sluice.drop.packets} and {@code sluice.drop.bytes},
 * by reason. Read from its own counters when they are asked for, at most once in a second: a look
 * at all meters reads once.
 */
public final class MeteredDrops {

  private static final Duration FRESH = Duration.ofSeconds(1);

  private final Supplier<Counts> counts;
  private final LongSupplier nanos;
  private Counts last;
  private long readAt;

  /** Of a topology on {@code datapath}, of which {@code counts} reads the counters. */
  public MeteredDrops(MeterRegistry registry, String datapath, Supplier<Counts> counts) {
    this(registry, datapath, counts, System::nanoTime);
  }

  MeteredDrops(
      MeterRegistry registry, String datapath, Supplier<Counts> counts, LongSupplier nanos) {
    this.counts = counts;
    this.nanos = nanos;
    this.last = counts.get();
    this.readAt = nanos.getAsLong();
    for (DropReason reason : DropReason.values()) {
      if (reason == DropReason.POLICY || last.find(new Counted.Dropped(reason)).isPresent()) {
        meter(registry, datapath, reason, "packets", Count::packets);
        meter(registry, datapath, reason, "bytes", Count::bytes);
      }
    }
  }

  private void meter(
      MeterRegistry registry,
      String datapath,
      DropReason reason,
      String unit,
      ToDoubleFunction<Count> value) {
    // The registry holds the object weakly, and the function, which holds this, strongly.
    FunctionCounter.builder("sluice.drop." + unit, reason, r -> value.applyAsDouble(count(r)))
        .description("What the datapath dropped, by its own counters")
        .baseUnit(unit)
        .tags("datapath", datapath, "reason", reason.label())
        .register(registry);
  }

  private synchronized Count count(DropReason reason) {
    if (nanos.getAsLong() - readAt > FRESH.toNanos()) {
      last = counts.get();
      readAt = nanos.getAsLong();
    }
    if (reason != DropReason.POLICY) {
      return last.of(new Counted.Dropped(reason));
    }
    return last.byMeaning().entrySet().stream()
        .filter(e -> e.getKey() instanceof Counted.DefaultDeny)
        .map(Map.Entry::getValue)
        .reduce(Count.ZERO, Count::plus);
  }
}
