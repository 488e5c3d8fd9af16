package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.time.Duration;

/** A kind of traffic, and where its two ends run. */
public sealed interface Workload permits RequestResponse, BulkStream {

  /** The name in tables, tags and {@code results.json}: {@code tcp-rr}, {@code tcp-stream}. */
  String name();

  Mode mode();

  Metric metric();

  /** One slice of {@code length} on {@code connection}, ready to be run by a {@link Generator}. */
  Exchange exchange(Connection connection, Duration length);

  /** As people read it. */
  default String title() {
    return name() + " (" + mode().word() + ")";
  }
}
