package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.bench.report.Environment;
import dev.sluice.core.error.SluiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvironmentReaderTest {

  @TempDir private Path root;

  @Test
  void readsWhatTheKernelTells() throws IOException {
    write("proc/loadavg", "0.25 0.20 0.18 1/123 4567\n");
    write("proc/stat", "cpu  100 0 50 800 10 0 5 35 7 0\ncpu0 1 2 3\n");
    write("proc/cpuinfo", "processor\t: 0\nmodel name\t: Some CPU\nprocessor\t: 1\n");
    write("proc/sys/kernel/osrelease", "6.1.0-40-amd64\n");
    write("proc/cmdline", "quiet mitigations=auto,nosmt console=ttyS0\n");
    write("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
    write("proc/sys/net/bridge/bridge-nf-call-iptables", "1\n");
    EnvironmentReader reader = new EnvironmentReader(root);
    write("proc/stat", "cpu  180 0 60 890 10 0 5 55 99 0\ncpu0 1 2 3\n");

    Environment environment = reader.end();
    assertThat(environment.kernel()).isEqualTo("6.1.0-40-amd64");
    assertThat(environment.cpuModel()).isEqualTo("Some CPU");
    assertThat(environment.cpus()).isEqualTo(2);
    assertThat(environment.governor()).contains("performance");
    assertThat(environment.mitigations()).contains("mitigations=auto,nosmt");
    assertThat(environment.bridgeNfCall()).contains(true);
    assertThat(environment.java()).startsWith(System.getProperty("java.version"));
    assertThat(environment.loadAverage()).isEqualTo(0.25);
    assertThat(environment.stealShare())
        .as("20 of 200 ticks; guest time is no time of its own")
        .isCloseTo(0.1, within(1e-12));
  }

  @Test
  void aFileThatCannotBeReadIsNamed() {
    assertThatThrownBy(() -> new EnvironmentReader(root))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("proc/loadavg");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
