package dev.sluice.cli.command;

import dev.sluice.core.error.SluiceException.Category;

/** How a command ends; the same for all, and part of the interface (sysexits(3)). */
public final class ExitStatus {

  public static final int DONE = 0;
  public static final int FAILED = Category.TRANSIENT.exitStatus();
  public static final int CHANGES = 2;
  public static final int USAGE = 64;
  public static final int BAD_INPUT = Category.USER.exitStatus();
  public static final int LACKING = Category.ENVIRONMENT.exitStatus();
  public static final int OUR_FAULT = Category.INTERNAL.exitStatus();
  public static final int NOT_PERMITTED = Category.PERMISSION.exitStatus();

  /** As a shell tells of a process that SIGINT ended. */
  public static final int INTERRUPTED = 130;

  /** As a shell tells of a process that SIGPIPE ended. */
  public static final int NOT_READ = 141;

  private ExitStatus() {}
}
