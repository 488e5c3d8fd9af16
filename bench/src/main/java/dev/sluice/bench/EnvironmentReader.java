package dev.sluice.bench;

import dev.sluice.bench.report.Environment;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads what {@link Environment} tells, from proc(5) and sysfs. Begun before the first slice, so
 * that what happened in between can be told at the end.
 */
public final class EnvironmentReader {

  private static final int STEAL = 7;

  /** user, nice, system, idle, iowait, irq, softirq, steal; guest time is in user time already. */
  private static final int CPU_TIMES = 8;

  private final Path root;
  private final Instant started = Instant.now();
  private final double loadAverage;
  private final long[] timesAtStart;

  /** {@code root}: where proc and sys lie; {@code /} but in tests. */
  public EnvironmentReader(Path root) {
    this.root = root;
    this.loadAverage = Double.parseDouble(first(read("proc/loadavg")));
    this.timesAtStart = cpuTimes();
  }

  /** What was seen until now. */
  public Environment end() {
    List<String> cpuinfo = read("proc/cpuinfo").lines().toList();
    return new Environment(
        started.truncatedTo(ChronoUnit.SECONDS).toString(),
        read("proc/sys/kernel/osrelease").strip(),
        cpuinfo.stream()
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse("unknown"),
        (int) cpuinfo.stream().filter(line -> line.startsWith("processor")).count(),
        readIfThere("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor").map(String::strip),
        Arrays.stream(read("proc/cmdline").strip().split(" ", -1))
            .filter(word -> word.startsWith("mitigations="))
            .findFirst(),
        bridgeNfCall(),
        System.getProperty("java.version") + " " + System.getProperty("java.vm.name"),
        loadAverage,
        stealShare());
  }

  /** Each namespace has its own; the nodes of a comparison are as new as this one. */
  private Optional<Boolean> bridgeNfCall() {
    try (Netns fresh = Netns.create()) {
      return fresh
          .call(() -> readIfThere("proc/sys/net/bridge/bridge-nf-call-iptables"))
          .map(value -> !value.strip().equals("0"));
    }
  }

  private double stealShare() {
    long[] now = cpuTimes();
    long total = Arrays.stream(now).sum() - Arrays.stream(timesAtStart).sum();
    return total == 0 ? 0 : (double) (now[STEAL] - timesAtStart[STEAL]) / total;
  }

  private long[] cpuTimes() {
    String[] fields = read("proc/stat").lines().findFirst().orElse("").split(" +", -1);
    return Arrays.stream(fields).skip(1).limit(CPU_TIMES).mapToLong(Long::parseLong).toArray();
  }

  private static String first(String line) {
    return line.substring(0, line.indexOf(' '));
  }

  private String read(String file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException e) {
      throw new SluiceException(
          Category.ENVIRONMENT, "read " + root.resolve(file) + ": " + e.getMessage(), e);
    }
  }

  private Optional<String> readIfThere(String file) {
    return Files.exists(root.resolve(file)) ? Optional.of(read(file)) : Optional.empty();
  }
}
