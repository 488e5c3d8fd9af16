package dev.sluice.core.metrics;

import dev.sluice.core.netlink.NetlinkException;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.netlink.Request;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Meters of netlink: {@code sluice.netlink.requests}, those of them that the kernel refused, and
 * dumps that began again. May be shared by the connections of several threads.
 */
public final class MeteredNetlink implements NetlinkObserver {

  private static final String CHANGE = "change";
  private static final String READ = "read";

  private final MeterRegistry registry;
  private final Counter changes;
  private final Counter reads;
  private final Counter restarts;

  public MeteredNetlink(MeterRegistry registry) {
    this.registry = registry;
    this.changes = requests(CHANGE);
    this.reads = requests(READ);
    this.restarts =
        Counter.builder("sluice.netlink.dump.restarts")
            .description("Dumps that began again, for what they show changed meanwhile")
            .baseUnit("restarts")
            .register(registry);
  }

  private Counter requests(String operation) {
    return Counter.builder("sluice.netlink.requests")
        .description("Requests sent to the kernel")
        .baseUnit("requests")
        .tag("operation", operation)
        .register(registry);
  }

  @Override
  public void sent(Request request) {
    (request.mutating() ? changes : reads).increment();
  }

  /** Tagged with the name of the errno, of which Linux has a fixed number. */
  @Override
  public void refused(Request request, NetlinkException error) {
    Counter.builder("sluice.netlink.refusals")
        .description("Requests that the kernel refused")
        .baseUnit("refusals")
        .tag("operation", request.mutating() ? CHANGE : READ)
        .tag("reason", error.errno().name())
        .register(registry)
        .increment();
  }

  @Override
  public void dumpInterrupted(Request request) {
    restarts.increment();
  }
}
