package dev.sluice.cli.command;

/** Told when a signal had better wait. */
@FunctionalInterface
public interface ChangeGuard {

  /**
   * From now on a node is being changed, and the change is not to be cut short.
   *
   * @throws dev.sluice.core.error.SluiceException a signal has come before
   */
  void changeBegins();
}
