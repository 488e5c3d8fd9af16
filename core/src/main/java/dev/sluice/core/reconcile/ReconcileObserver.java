package dev.sluice.core.reconcile;

import dev.sluice.core.netlink.NetlinkObserver;
import java.util.function.Supplier;

/** Watches the reconciler, for metrics and for people. */
public interface ReconcileObserver {

  Progress progress();

  /**
   * Runs {@code work}, which is one {@code operation} on {@code datapath}, and notes how long and
   * how it ended.
   */
  <T> T time(String operation, String datapath, Supplier<T> work);

  /** {@code plan} is about to be executed. */
  void steps(Plan plan);

  /** Told of every netlink request; from several threads at once. */
  default NetlinkObserver netlink() {
    return NetlinkObserver.NONE;
  }

  /** That many objects are not as they should be. */
  void drift(int objects);

  /** Counts nothing; people are told by {@code progress}. */
  static ReconcileObserver uncounted(Progress progress) {
    return new ReconcileObserver() {
      @Override
      public Progress progress() {
        return progress;
      }

      @Override
      public <T> T time(String operation, String datapath, Supplier<T> work) {
        return work.get();
      }

      @Override
      public void steps(Plan plan) {}

      @Override
      public void drift(int objects) {}
    };
  }
}
