package dev.sluice.cli.command;

/** How a command ends; the same for all, and part of the interface (sysexits(3)). */
public final class ExitStatus {

  public static final int DONE = 0;
  public static final int FAILED = 1;
  public static final int CHANGES = 2;
  public static final int USAGE = 64;
  public static final int BAD_INPUT = 65;
  public static final int LACKING = 69;
  public static final int OUR_FAULT = 70;
  public static final int NOT_PERMITTED = 77;

  /** As a shell tells of a process that SIGINT ended. */
  public static final int INTERRUPTED = 130;

  private ExitStatus() {}
}
