package dev.sluice.core.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** The meter of how many endpoints are up: {@code sluice.endpoints}. Thread-safe. */
public final class MeteredEndpoints {

  private final AtomicInteger up = new AtomicInteger();

  /** Of one topology on {@code datapath}, of which none are known to be up yet. */
  public MeteredEndpoints(MeterRegistry registry, String datapath) {
    Gauge.builder("sluice.endpoints", up, AtomicInteger::get)
        .description("Endpoints that are up")
        .baseUnit("endpoints")
        .tag("datapath", datapath)
        .strongReference(true)
        .register(registry);
  }

  /** So many are up now. */
  public void up(int endpoints) {
    up.set(endpoints);
  }
}
