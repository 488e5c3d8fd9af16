package dev.sluice.bench;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads {@link CpuTimes} from proc(5) and sysfs. */
final class CpuTimesReader {

  /** USER_HZ: what the kernel tells times in, whatever its own clock; 100 wherever we run. */
  private static final long TICK_NANOS = 10_000_000;

  private static final String THROTTLE_COUNT = "thermal_throttle/core_throttle_count";

  private CpuTimesReader() {}

  static CpuTimes read(Path root) {
    long[] stat = machine(root);
    return new CpuTimes(
        TICK_NANOS * (stat[0] + stat[1]),
        TICK_NANOS * stat[2],
        TICK_NANOS * (stat[5] + stat[6]),
        TICK_NANOS * (stat[3] + stat[4]),
        TICK_NANOS * stat[7],
        process(root),
        throttled(root));
  }

  /** user, nice, system, idle, iowait, irq, softirq, steal; guest time is in user time already. */
  private static long[] machine(Path root) {
    Path file = root.resolve("proc/stat");
    String line = text(file).lines().findFirst().orElse("");
    long[] times =
        Arrays.stream(line.split(" +", -1)).skip(1).limit(8).mapToLong(Long::parseLong).toArray();
    if (times.length < 8) {
      throw new SluiceException(Category.ENVIRONMENT, file + " begins with '" + line + "'");
    }
    return times;
  }

  /** Fields 14 and 15 of {@code /proc/self/stat}, counted from behind the command's name. */
  private static long process(Path root) {
    String stat = text(root.resolve("proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return TICK_NANOS * (Long.parseLong(fields[11]) + Long.parseLong(fields[12]));
  }

  /** Of all CPUs; 0 where the hardware does not tell. */
  private static long throttled(Path root) {
    Path cpus = root.resolve("sys/devices/system/cpu");
    long sum = 0;
    try (DirectoryStream<Path> each = Files.newDirectoryStream(cpus, "cpu[0-9]*")) {
      for (Path cpu : each) {
        Path count = cpu.resolve(THROTTLE_COUNT);
        sum += Files.exists(count) ? Long.parseLong(text(count).strip()) : 0;
      }
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw failure(cpus, e);
    }
    return sum;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw failure(file, e);
    }
  }

  private static SluiceException failure(Path file, IOException e) {
    return new SluiceException(Category.ENVIRONMENT, "read " + file + ": " + e.getMessage(), e);
  }
}
