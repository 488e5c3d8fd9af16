package dev.sluice.bench.stats;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a workload measures, in base units, and which way is better. */
public enum Metric {
  /** Round trip of one transaction, nanoseconds. */
  ROUND_TRIP("ns", true),
  /**
   * Time from when a request was to be sent to its answer, nanoseconds; the tail is what counts.
   */
  LATENCY("ns", true),
  /** How long an operation takes until it is effective, nanoseconds. */
  DURATION("ns", true),
  /** What the kernel took, bytes. */
  MEMORY("bytes", true),
  /** Packets received per second. */
  PACKET_RATE("packets/s", false),
  /** Payload received per second, bytes per second. */
  THROUGHPUT("bytes/s", false);

  private final String unit;
  private final boolean lessIsBetter;

  Metric(String unit, boolean lessIsBetter) {
    this.unit = unit;
    this.lessIsBetter = lessIsBetter;
  }

  /** As it stands in {@code results.json}. */
  public String unit() {
    return unit;
  }

  /** What its cost is told per: a transaction, a packet, a gigabyte. */
  public String costUnit() {
    return switch (this) {
      case ROUND_TRIP, LATENCY, DURATION, MEMORY -> "transaction";
      case PACKET_RATE -> "packet";
      case THROUGHPUT -> "GB";
    };
  }

  /** The word for {@code results.json}. */
  @JsonValue
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public boolean lessIsBetter() {
    return lessIsBetter;
  }
}
