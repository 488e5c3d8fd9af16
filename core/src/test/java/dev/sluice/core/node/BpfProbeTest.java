package dev.sluice.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.sys.Bpf;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.Kernel;
import dev.sluice.core.sys.SyscallException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Scanner;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BpfProbeTest {

  private static final Set<KernelFeature> BPF =
      EnumSet.of(
          KernelFeature.BPF,
          KernelFeature.BPF_JIT,
          KernelFeature.BPF_TCX,
          KernelFeature.BPF_CLSACT,
          KernelFeature.BPF_REDIRECT_PEER,
          KernelFeature.BPF_READ_KERNEL);

  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      for (KernelFeature feature : BPF) {
        System.out.println(
            feature
                + " "
                + switch (feature) {
                  case BPF -> BpfProbe.loads();
                  case BPF_JIT -> BpfProbe.compiles();
                  case BPF_TCX -> BpfProbe.attaches(1);
                  case BPF_CLSACT -> BpfProbe.filters(1);
                  case BPF_READ_KERNEL -> BpfProbe.readsTheKernel();
                  default -> BpfProbe.redirectsToPeers();
                });
      }
    }
  }

  /** The setting can be read here: this is not a namespace of our own. */
  @Test
  void isAsTheKernelsOwnSettingsSay() throws IOException {
    Path setting = Path.of("/proc/sys/net/core/bpf_jit_enable");
    boolean compiles = Files.exists(setting) && !Files.readString(setting).strip().equals("0");
    Set<KernelFeature> found = FeatureProbe.probe(BPF);
    assertThat(found.contains(KernelFeature.BPF_JIT)).isEqualTo(compiles);
    assertThat(found)
        .contains(
            KernelFeature.BPF,
            KernelFeature.BPF_CLSACT,
            KernelFeature.BPF_REDIRECT_PEER,
            KernelFeature.BPF_READ_KERNEL);
    assertThat(found.contains(KernelFeature.BPF_TCX)).isEqualTo(isSince(6, 6));
  }

  private static boolean isSince(int major, int minor) {
    try (Scanner release = new Scanner(Kernel.release()).useDelimiter("[.-]")) {
      int first = release.nextInt();
      return first > major || (first == major && release.nextInt() >= minor);
    }
  }

  @Test
  void aHelperThatThereIsNotIsALack() {
    assertThatThrownBy(() -> Bpf.loadCalling(1_000_000))
        .isInstanceOf(SyscallException.class)
        .matches(e -> ((SyscallException) e).errno().is(Errno.EINVAL))
        .matches(e -> FeatureProbe.isLack(((SyscallException) e).errno()));
  }

  @Test
  void whoMayNotLoadProgramsLacksThem() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "setpriv",
                "--bounding-set=-sys_admin,-net_admin,-bpf,-perfmon",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    assertThat(output.lines())
        .containsExactly(
            "BPF false",
            "BPF_JIT false",
            "BPF_TCX false",
            "BPF_CLSACT false",
            "BPF_REDIRECT_PEER false",
            "BPF_READ_KERNEL false");
  }
}
