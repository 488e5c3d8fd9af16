package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.error.SluiceException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CpuTimesTest {

  private static final long TICK = 10_000_000;

  @TempDir private Path root;

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void addsUpWhatTheKernelTells() throws IOException {
    write("proc/stat", "cpu  100 3 50 800 10 2 5 35 7 0\ncpu0 1 2 3\n");
    write("proc/self/stat", "77 (a (b) c) S 1 1 1 0 -1 0 0 0 0 0 40 20 9 9 20 0 1 0 5\n");
    assertThat(CpuTimes.now(root))
        .isEqualTo(
            new CpuTimes(103 * TICK, 50 * TICK, 7 * TICK, 810 * TICK, 35 * TICK, 60 * TICK, 0));
    write("sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "4\n");
    write("sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", "1\n");
    write("sys/devices/system/cpu/cpufreq/empty", "");
    assertThat(CpuTimes.now(root).throttled()).isEqualTo(5);
  }

  @Test
  void whatWasUsedInBetweenIsTheDifference() {
    CpuTimes early = new CpuTimes(1, 2, 3, 4, 5, 6, 7);
    CpuTimes late = new CpuTimes(11, 22, 33, 44, 55, 66, 77);
    CpuTimes used = late.minus(early);
    assertThat(used.plus(early)).isEqualTo(late);
    assertThat(used.busy()).isEqualTo(60);
    assertThat(used.total()).isEqualTo(150);
  }

  /** This thread does nothing else, once it is let, and the kernel has to notice. */
  @Test
  void whatThisProcessUsesIsSeen() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    CpuTimes before = CpuTimes.now(Path.of("/"));
    long end = threads.getCurrentThreadCpuTime() + 200_000_000;
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
    CpuTimes used = CpuTimes.now(Path.of("/")).minus(before);
    assertThat(used.process()).isGreaterThan(50_000_000);
    assertThat(used.busy()).isGreaterThan(50_000_000);
  }

  @Test
  void aFileThatIsNoneIsNamed() throws IOException {
    assertThatThrownBy(() -> CpuTimes.now(root))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("proc/stat");
    write("proc/stat", "cpu  1 2\n");
    assertThatThrownBy(() -> CpuTimes.now(root)).hasMessageContaining("begins with 'cpu  1 2'");
  }
}
