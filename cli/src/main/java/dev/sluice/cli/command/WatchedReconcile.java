package dev.sluice.cli.command;

import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import java.util.function.Supplier;

/** Shows progress, and keeps signals from cutting a change short. */
record WatchedReconcile(Progress progress, ChangeGuard guard) implements ReconcileObserver {

  @Override
  public <T> T time(String operation, String datapath, Supplier<T> work) {
    return work.get();
  }

  @Override
  public void steps(Plan plan) {
    guard.changeBegins();
  }

  @Override
  public void drift(int objects) {
    // People see it in the status.
  }
}
