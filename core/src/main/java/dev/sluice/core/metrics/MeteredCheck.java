package dev.sluice.core.metrics;

import dev.sluice.core.check.CheckReport;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meter of checks: {@code sluice.check.probes}, there from the start, counted at the end. */
public final class MeteredCheck {

  private final Counter agree;
  private final Counter disagree;

  /** Of checks on {@code datapath}. */
  public MeteredCheck(MeterRegistry registry, String datapath) {
    this.agree = probes(registry, datapath, "agree");
    this.disagree = probes(registry, datapath, "disagree");
  }

  private static Counter probes(MeterRegistry registry, String datapath, String outcome) {
    return Counter.builder("sluice.check.probes")
        .description("Probes of a check that did what was expected, or did not")
        .baseUnit("probes")
        .tags("datapath", datapath, "outcome", outcome)
        .register(registry);
  }

  /** Counts the probes of a check that is over. */
  public void record(CheckReport report) {
    agree.increment(report.agree());
    disagree.increment(report.disagree().size());
  }
}
