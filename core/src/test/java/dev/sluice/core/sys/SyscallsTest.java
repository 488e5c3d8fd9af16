package dev.sluice.core.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.error.SluiceException.Category;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyscallsTest {

  @Test
  void errorsHaveNameTextAndCategory() {
    assertThat(Errno.of(1)).hasToString("EPERM (Operation not permitted)");
    assertThat(Errno.of(105)).hasToString("ENOBUFS (No buffer space available)");
    assertThat(Errno.of(4000)).hasToString("errno 4000 (Unknown error)");
    SyscallException e = new SyscallException("mount", "/a", Errno.of(Errno.EACCES));
    assertThat(e).hasMessage("mount /a: EACCES (Permission denied)");
    assertThat(e.category()).isEqualTo(Category.PERMISSION);
    assertThat(Errno.of(Errno.EOPNOTSUPP).category()).isEqualTo(Category.ENVIRONMENT);
    assertThat(Errno.of(Errno.EEXIST).category()).isEqualTo(Category.TRANSIENT);
    assertThat(Errno.of(Errno.EBADF).category()).isEqualTo(Category.INTERNAL);
  }

  @Test
  void aTmpfsIsMountedBoundSharedAndTakenAway(@TempDir Path directory) throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    Path shown = Files.createDirectory(directory.resolve("shown"));
    Path shared = Files.createDirectory(directory.resolve("shared"));
    Mounts.mountTmpfs(small, 64 * 1024);
    try {
      assertThat(Mounts.isMountPoint(small)).isTrue();
      assertThat(Mounts.isMountPoint(shown)).isFalse();
      assertThatThrownBy(() -> Files.write(small.resolve("big"), new byte[128 * 1024]))
          .hasMessageContaining("No space left");
      Mounts.bind(small, shown);
      assertThat(shown.resolve("big")).exists();
      Mounts.unmount(shown);
      assertThat(shown.resolve("big")).doesNotExist();
      Mounts.makeShared(shared);
      assertThat(Files.readAllLines(Path.of("/proc/self/mountinfo")))
          .anyMatch(line -> line.contains(" " + shared + " ") && line.contains(" shared:"));
      Mounts.unmount(shared);
    } finally {
      Mounts.unmount(small);
    }
    assertThat(Mounts.isMountPoint(small)).isFalse();
    assertThat(Mounts.isMountPoint(directory.resolve("none"))).isFalse();
    assertThatThrownBy(() -> Mounts.unmount(small))
        .hasMessage("unmount " + small + ": EINVAL (Invalid argument)");
  }

  @Test
  void aThreadIsPinned() throws Exception {
    Set<Integer> before = Affinity.allowed();
    int last = before.stream().reduce((a, b) -> b).orElseThrow();
    Thread thread =
        new Thread(
            () -> {
              Affinity.pin(last);
              assertThat(Affinity.allowed()).containsExactly(last);
            });
    Throwable[] failure = new Throwable[1];
    thread.setUncaughtExceptionHandler((t, e) -> failure[0] = e);
    thread.start();
    thread.join();
    assertThat(failure[0]).isNull();
    assertThat(Affinity.allowed()).isEqualTo(before);
    assertThatThrownBy(() -> Affinity.pin(8000)).hasMessageContaining("EINVAL");
  }

  @Test
  void theKernelAndThePrivilegeAreKnown() throws Exception {
    assertThat(Kernel.release())
        .isEqualTo(Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
    assertThat(Kernel.bootId()).matches("[0-9a-f-]{36}");
    assertThat(Kernel.machineId()).matches("[0-9a-f]{32}");
    assertThat(Users.hasNetAdmin()).isTrue();
  }

  @Test
  void sysctlsThatAreNotThereOrNoneAreRefused() {
    assertThatThrownBy(() -> Sysctls.read("net/ipv4/conf/nosuch/forwarding"))
        .hasMessage(
            "open /proc/sys/net/ipv4/conf/nosuch/forwarding: ENOENT (No such file or directory)");
    assertThatThrownBy(() -> Sysctls.read("../version"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Sysctls.read("/etc/passwd"))
        .isInstanceOf(IllegalArgumentException.class);
    try (Netns ns = Netns.create()) {
      assertThatThrownBy(() -> ns.run(() -> Sysctls.write("net/ipv4/ip_forward", "x")))
          .hasMessageContaining("write \"x\" to /proc/sys/net/ipv4/ip_forward: EINVAL");
    }
  }

  @Test
  void aClosedDescriptorIsNotUsed() {
    Netns ns = Netns.create();
    ns.close();
    ns.close();
    assertThatThrownBy(ns::fd).isInstanceOf(IllegalStateException.class);
  }
}
