package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.io.IOException;
import java.time.Duration;

/** A kind of traffic, and where its two ends run. */
public sealed interface Workload
    permits RequestResponse,
        ConnectRequestResponse,
        UdpRequestResponse,
        UdpNewFlow,
        BulkStream,
        BulkStreams,
        UdpFlood,
        OpenLoop,
        HeldConnections {

  /** The name in tables, tags and {@code results.json}: {@code tcp-rr}, {@code tcp-stream}. */
  String name();

  Mode mode();

  Metric metric();

  /** Whether it needs a UDP port that policy leaves open. */
  default boolean udp() {
    return name().startsWith("udp-");
  }

  /**
   * Sets up between {@code endpoints} what is to stand from slice to slice.
   *
   * @throws IOException if it does not stand after {@code timeout}
   */
  Session open(Endpoints endpoints, Duration timeout) throws IOException;

  /** As people read it. */
  default String title() {
    return name() + " (" + mode().word() + ")";
  }
}
