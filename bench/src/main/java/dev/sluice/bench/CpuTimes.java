package dev.sluice.bench;

import java.nio.file.Path;

/**
 * CPU time used since a moment in the past, in nanoseconds: of the whole machine as {@code
 * /proc/stat} counts it, and of this process. Two of them tell what was used in between.
 *
 * @param user with nice
 * @param softirq with hard interrupts; the kernel counts by the tick unless it is built with {@code
 *     CONFIG_IRQ_TIME_ACCOUNTING}, and what it counts here is then in the process' time too
 * @param process user and system time of this process, exact
 * @param throttled how often a CPU was slowed down for its heat, since boot
 */
record CpuTimes(
    long user, long system, long softirq, long idle, long steal, long process, long throttled) {

  static final CpuTimes NONE = new CpuTimes(0, 0, 0, 0, 0, 0, 0);

  /** As it is now. {@code root}: where proc and sys lie; {@code /} but in tests. */
  static CpuTimes now(Path root) {
    return CpuTimesReader.read(root);
  }

  CpuTimes plus(CpuTimes other) {
    return new CpuTimes(
        user + other.user,
        system + other.system,
        softirq + other.softirq,
        idle + other.idle,
        steal + other.steal,
        process + other.process,
        throttled + other.throttled);
  }

  CpuTimes minus(CpuTimes earlier) {
    return new CpuTimes(
        user - earlier.user,
        system - earlier.system,
        softirq - earlier.softirq,
        idle - earlier.idle,
        steal - earlier.steal,
        process - earlier.process,
        throttled - earlier.throttled);
  }

  /** All that was used by anybody in this machine. */
  long busy() {
    return user + system + softirq;
  }

  /** Used and unused. */
  long total() {
    return busy() + idle + steal;
  }
}
