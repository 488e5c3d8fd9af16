package dev.sluice.core.metrics;

import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.RolledBackException;
import dev.sluice.core.reconcile.Step;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Meters of the reconciler: {@code sluice.apply}, a timer of every change of a node; {@code
 * sluice.reconcile.steps}, its steps; {@code sluice.drift.objects}, what a look at the node last
 * found to be other than wanted.
 */
public final class MeteredReconcile implements ReconcileObserver {

  private static final String DONE = "done";
  private static final String ROLLED_BACK = "rolled_back";
  private static final String FAILED = "failed";

  private final MeterRegistry registry;
  private final ReconcileObserver next;
  private final NetlinkObserver netlink;
  private final Map<Step.Op, Counter> steps = new EnumMap<>(Step.Op.class);
  private final AtomicInteger drift = new AtomicInteger();

  /** {@code next} hears all of it too, and knows who waits for progress. */
  public MeteredReconcile(MeterRegistry registry, ReconcileObserver next) {
    this.registry = registry;
    this.next = next;
    this.netlink = new MeteredNetlink(registry);
    for (Step.Op op : Step.Op.values()) {
      steps.put(
          op,
          Counter.builder("sluice.reconcile.steps")
              .description("Steps that were to be executed, one for each kernel object")
              .baseUnit("steps")
              .tag("operation", op.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    Gauge.builder("sluice.drift.objects", drift, AtomicInteger::get)
        .description("Kernel objects that were not as wanted when last looked at")
        .baseUnit("objects")
        .register(registry);
  }

  @Override
  public Progress progress() {
    return next.progress();
  }

  @Override
  public <T> T time(String operation, String datapath, Supplier<T> work) {
    Timer.Sample sample = Timer.start(registry);
    String outcome = FAILED;
    try {
      T result = next.time(operation, datapath, work);
      outcome = DONE;
      return result;
    } catch (RolledBackException e) {
      outcome = ROLLED_BACK;
      throw e;
    } finally {
      sample.stop(
          Timer.builder("sluice.apply")
              .description("Time that a change of a node took, waiting for its lock included")
              .tags("datapath", datapath, "operation", operation, "outcome", outcome)
              .register(registry));
    }
  }

  @Override
  public void steps(Plan plan) {
    plan.steps().forEach(step -> steps.get(step.op()).increment());
    next.steps(plan);
  }

  @Override
  public NetlinkObserver netlink() {
    return netlink;
  }

  @Override
  public void drift(int objects) {
    drift.set(objects);
    next.drift(objects);
  }
}
