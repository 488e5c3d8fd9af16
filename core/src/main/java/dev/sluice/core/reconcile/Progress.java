package dev.sluice.core.reconcile;

/** Told what is being done, for people who wait. Called from the thread that reconciles. */
public interface Progress {

  /** {@code what} begins, with {@code count} objects or requests. */
  void stage(String what, int count);

  /** Something else that people should know now: waiting for a lock, rolling back. */
  void note(String text);

  /** Nobody waits. */
  static Progress silent() {
    return new Progress() {
      @Override
      public void stage(String what, int count) {}

      @Override
      public void note(String text) {}
    };
  }
}
