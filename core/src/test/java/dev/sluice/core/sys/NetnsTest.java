package dev.sluice.core.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.error.SluiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetnsTest {

  private static final Path HERE = Path.of("/proc/thread-self/ns/net");

  private static String here() throws IOException {
    return Files.readSymbolicLink(HERE).toString();
  }

  @Test
  void aTaskRunsInsideAndTheCallerStaysWhereItWas() throws Exception {
    String before = here();
    try (Netns ns = Netns.create()) {
      assertThat(ns.call(NetnsTest::here))
          .isEqualTo("net:[" + ns.inode() + "]")
          .isNotEqualTo(before);
      assertThat(here()).isEqualTo(before);
    }
  }

  @Test
  void checkedExceptionsAreWrappedAndOthersComeAsTheyAre() {
    try (Netns ns = Netns.create()) {
      IOException checked = new IOException("no luck");
      assertThatThrownBy(
              () ->
                  ns.call(
                      () -> {
                        throw checked;
                      }))
          .isInstanceOf(SluiceException.class)
          .hasMessage("no luck")
          .hasCause(checked);
      IllegalStateException unchecked = new IllegalStateException("as it is");
      assertThatThrownBy(
              () ->
                  ns.run(
                      () -> {
                        throw unchecked;
                      }))
          .isSameAs(unchecked);
    }
  }

  @Test
  void aNameKeepsTheNamespaceAndOpensTheSameOne(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("ns1");
    long inode;
    try (Netns ns = Netns.create()) {
      ns.bindTo(file);
      inode = ns.inode();
      assertThatThrownBy(() -> ns.bindTo(file))
          .isInstanceOf(SyscallException.class)
          .hasMessage("create " + file + ": EEXIST (File exists)");
    }
    assertThat(Mounts.isMountPoint(file)).isTrue();
    try (Netns again = Netns.open(file)) {
      assertThat(again.inode()).isEqualTo(inode);
    } finally {
      Mounts.unmount(file);
    }
    assertThat(Mounts.isMountPoint(file)).isFalse();
    assertThatThrownBy(() -> Netns.open(file))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining(file + " is no network namespace: a plain file");
    Files.delete(file);
    assertThatThrownBy(() -> Netns.open(file))
        .isInstanceOfSatisfying(
            SyscallException.class, e -> assertThat(e.errno().name()).isEqualTo("ENOENT"));
  }

  @Test
  void aNamespaceOfAnotherKindIsRefused() {
    assertThatThrownBy(() -> Netns.open(Path.of("/proc/thread-self/ns/mnt")))
        .hasMessageContaining("a namespace of another kind");
  }

  @Test
  void theCurrentNamespaceIsThatOfTheThread() {
    try (Netns ns = Netns.create()) {
      long seen =
          ns.call(
              () -> {
                try (Netns inside = Netns.current()) {
                  return inside.inode();
                }
              });
      assertThat(seen).isEqualTo(ns.inode());
    }
  }

  @Test
  void poolThreadsEnterTheNamespaceOfEachTask() throws Exception {
    List<Netns> all = new ArrayList<>();
    try (NetnsThreads threads = new NetnsThreads(2)) {
      for (int i = 0; i < 8; i++) {
        all.add(threads.submitNew(Netns::current).get());
      }
      List<Future<String>> seen = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        seen.add(threads.submit(all.get(i % all.size()), NetnsTest::here));
      }
      for (int i = 0; i < seen.size(); i++) {
        assertThat(seen.get(i).get()).isEqualTo("net:[" + all.get(i % all.size()).inode() + "]");
      }
      Set<String> distinct = new HashSet<>();
      for (Future<String> each : seen) {
        distinct.add(each.get());
      }
      assertThat(distinct).hasSize(all.size());
    } finally {
      all.forEach(Netns::close);
    }
  }

  @Test
  void sysctlsAreThoseOfTheNamespace() {
    String name = "net/ipv4/ip_local_port_range";
    String outside = Sysctls.read(name);
    try (Netns ns = Netns.create()) {
      ns.run(() -> Sysctls.write(name, "20000 30000"));
      assertThat(ns.call(() -> Sysctls.read(name))).isEqualTo("20000\t30000");
    }
    assertThat(Sysctls.read(name)).isEqualTo(outside);
  }
}
