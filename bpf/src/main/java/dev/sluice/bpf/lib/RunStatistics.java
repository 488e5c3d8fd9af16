package dev.sluice.bpf.lib;

/**
 * While this is open the kernel counts the runs of every program and their time (bpf(2),
 * "BPF_ENABLE_STATS"), which costs each run two looks at the clock.
 */
public final class RunStatistics implements AutoCloseable {

  private static final int RUN_TIME = 0;

  private final Handle handle;

  private RunStatistics(Handle handle) {
    this.handle = handle;
  }

  public static RunStatistics enable() {
    LibBpf.require();
    int fd = BpfErrno.check(LibBpf.bpf_enable_stats(RUN_TIME), "enable BPF", "run statistics");
    return new RunStatistics(Handle.owned(fd, "run statistics"));
  }

  @Override
  public void close() {
    handle.close();
  }
}
