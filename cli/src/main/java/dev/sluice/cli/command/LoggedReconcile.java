package dev.sluice.cli.command;

import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Step;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what a node was found to differ in, each step, and how long a change took. */
record LoggedReconcile(ReconcileObserver next) implements ReconcileObserver {

  private static final Logger LOG = LoggerFactory.getLogger(LoggedReconcile.class);

  @Override
  public Progress progress() {
    return next.progress();
  }

  @Override
  public NetlinkObserver netlink() {
    return next.netlink();
  }

  @Override
  public <T> T time(String operation, String datapath, Supplier<T> work) {
    LOG.debug("{} on {} begins", operation, datapath);
    long started = System.nanoTime();
    try {
      return next.time(operation, datapath, work);
    } finally {
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started);
      LOG.debug("{} on {} ended after {} ms", operation, datapath, took);
    }
  }

  @Override
  public void steps(Plan plan) {
    plan.steps().forEach(LoggedReconcile::log);
    next.steps(plan);
  }

  private static void log(Step step) {
    LOG.debug("{} {}", step.op().name().toLowerCase(Locale.ROOT), step.object().key());
  }

  @Override
  public void drift(int objects) {
    LOG.debug("{} objects are not as wanted", objects);
    next.drift(objects);
  }
}
