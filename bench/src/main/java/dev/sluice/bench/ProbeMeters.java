package dev.sluice.bench;

import dev.sluice.bench.workload.Sample;
import dev.sluice.bench.workload.Workload;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Records what was measured as {@code sluice.probe.rtt} (timer) and {@code sluice.probe.throughput}
 * (bytes per second, one value per slice), both tagged {@code datapath}, {@code workload} and
 * {@code mode}. Done between slices: never while one is timed.
 */
final class ProbeMeters {

  private static final Duration LEAST_RTT = Duration.ofNanos(1_000);
  private static final Duration GREATEST_RTT = Duration.ofMillis(100);

  private final MeterRegistry registry;

  ProbeMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  void record(String datapath, Workload workload, Sample sample) {
    Tags tags =
        Tags.of("datapath", datapath, "workload", workload.name(), "mode", workload.mode().word());
    if (sample instanceof Sample.RoundTrips roundTrips) {
      Timer timer =
          Timer.builder("sluice.probe.rtt")
              .description("Round trip of one request and its answer")
              .tags(tags)
              .publishPercentileHistogram()
              .minimumExpectedValue(LEAST_RTT)
              .maximumExpectedValue(GREATEST_RTT)
              .register(registry);
      for (HistogramIterationValue step : roundTrips.histogram().recordedValues()) {
        for (long i = 0; i < step.getCountAtValueIteratedTo(); i++) {
          timer.record(step.getValueIteratedTo(), TimeUnit.NANOSECONDS);
        }
      }
    } else {
      DistributionSummary.builder("sluice.probe.throughput")
          .description("Payload received per second, over one slice")
          .baseUnit("bytes_per_second")
          .tags(tags)
          .register(registry)
          .record(sample.typical());
    }
  }
}
