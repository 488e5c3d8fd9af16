package dev.sluice.bench;

import dev.sluice.bench.stats.Metric;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.Sample;
import dev.sluice.bench.workload.Workload;
import dev.sluice.core.metrics.MeteredEndpoints;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Records what was measured as {@code sluice.bench.*}, each meter tagged {@code datapath}, {@code
 * workload} and {@code mode}. Done between slices: never while one is timed.
 */
final class BenchMeters {

  private static final Duration LEAST_RTT = Duration.ofNanos(1_000);
  private static final Duration GREATEST_RTT = Duration.ofMillis(100);

  private final MeterRegistry registry;
  private final Map<String, MeteredEndpoints> endpoints = new HashMap<>();
  private final AtomicReference<Double> progress = new AtomicReference<>(0.0);

  BenchMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge("sluice.bench.progress", Tags.empty(), progress, AtomicReference::get);
  }

  /**
   * Whoever is told through this how far a comparison is has it metered, too: how much of the time
   * from now to its end is over, from 0 to 1.
   */
  SliceListener watching(SliceListener listener) {
    long started = System.nanoTime();
    return (done, total, left, what) -> {
      double over = System.nanoTime() - started;
      progress.set(left.isZero() ? 1 : over / (over + left.toNanos()));
      listener.at(done, total, left, what);
    };
  }

  /** So many endpoints of the topology are up on a datapath. */
  void endpoints(String datapath, int up) {
    endpoints.computeIfAbsent(datapath, d -> new MeteredEndpoints(registry, d)).up(up);
  }

  void record(Lane lane, Sample sample) {
    record(lane.candidate().name(), lane.workload(), lane.workloadName(), sample);
  }

  /** A slice of {@code workload}, which is called {@code name} here. */
  void record(String candidate, Workload workload, String name, Sample sample) {
    Tags tags = tags(candidate, name, workload.mode().word());
    sample
        .times()
        .ifPresentOrElse(
            times -> times(timer(workload.metric(), tags), times),
            () -> rate(workload.metric(), tags).record(sample.typical()));
    if (sample.extras().containsKey("loss")) {
      DistributionSummary.builder("sluice.bench.loss")
          .description("Share of packets that did not arrive, over one slice")
          .tags(tags)
          .register(registry)
          .record(sample.extras().get("loss"));
    }
  }

  /** What a tool of others has measured in one slice of {@code workload}, in its metric's unit. */
  void record(String candidate, Workload workload, ForeignTool tool, double figure) {
    Tags tags = tags(candidate, workload.name() + "-by-" + tool, workload.mode().word());
    if (workload.metric().lessIsBetter()) {
      timer(workload.metric(), tags).record((long) figure, TimeUnit.NANOSECONDS);
    } else {
      rate(workload.metric(), tags).record(figure);
    }
  }

  /** An operation of the control plane, nanoseconds until it was effective. */
  void record(String datapath, String operation, double nanos) {
    Timer.builder("sluice.bench.operation")
        .description("Time until a change is effective")
        .tags(tags(datapath, operation, Mode.UNPINNED.word()))
        .register(registry)
        .record((long) nanos, TimeUnit.NANOSECONDS);
  }

  /** What the kernel took for each endpoint, bytes. */
  void memory(String datapath, String workload, double bytes) {
    DistributionSummary.builder("sluice.bench.memory")
        .description("Kernel memory for each endpoint")
        .baseUnit("bytes")
        .tags(tags(datapath, workload, Mode.UNPINNED.word()))
        .register(registry)
        .record(bytes);
  }

  private static Tags tags(String datapath, String workload, String mode) {
    return Tags.of("datapath", datapath, "workload", workload, "mode", mode);
  }

  private Timer timer(Metric metric, Tags tags) {
    boolean openLoop = metric == Metric.LATENCY;
    return Timer.builder(openLoop ? "sluice.bench.latency" : "sluice.bench.rtt")
        .description(
            openLoop
                ? "Time from when a request was to be sent to its answer"
                : "Round trip of one request and its answer")
        .tags(tags)
        .publishPercentileHistogram()
        .minimumExpectedValue(LEAST_RTT)
        .maximumExpectedValue(GREATEST_RTT)
        .register(registry);
  }

  private static void times(Timer timer, Histogram histogram) {
    for (HistogramIterationValue step : histogram.recordedValues()) {
      for (long i = 0; i < step.getCountAtValueIteratedTo(); i++) {
        timer.record(step.getValueIteratedTo(), TimeUnit.NANOSECONDS);
      }
    }
  }

  private DistributionSummary rate(Metric metric, Tags tags) {
    boolean packets = metric == Metric.PACKET_RATE;
    return DistributionSummary.builder(packets ? "sluice.bench.packets" : "sluice.bench.throughput")
        .description(
            packets
                ? "Packets received per second, over one slice"
                : "Payload received per second, over one slice")
        .baseUnit(packets ? "packets_per_second" : "bytes_per_second")
        .tags(tags)
        .register(registry);
  }
}
