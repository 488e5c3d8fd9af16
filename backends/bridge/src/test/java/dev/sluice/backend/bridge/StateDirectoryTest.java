package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Intent.Phase;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.Topologies.Status;
import dev.sluice.core.sys.Mounts;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The state directory that is full, and the one that a reboot leaves without its kernel. */
@ExtendWith(NodeExtension.class)
class StateDirectoryTest {

  /** Room for the directories and small files of one topology, and no more. */
  private static final long SMALL = 64 << 10;

  private static void fill(Node node, Path state) {
    Shell.Result dd =
        Shell.inNode(node, "dd if=/dev/zero of=" + state.resolve("ballast") + " bs=4096");
    assertThat(dd.output()).contains("No space left");
  }

  @Test
  void withoutRoomForTheIntentNothingIsChanged(Node node) throws IOException {
    Path state = Files.createDirectories(node.directories().state());
    NodeSnapshot before = NodeSnapshot.of(node);
    Mounts.mountTmpfs(state, SMALL);
    try {
      fill(node, state);
      Bed bed = Bed.on(node);
      assertThatThrownBy(bed::apply)
          .isInstanceOf(SluiceException.class)
          .hasMessageContaining("No space left on device")
          .hasMessageContaining("nothing was changed in the kernel");
      before.assertUnchanged(node);
      assertThat(bed.topologies().status()).isEmpty();

      Files.delete(state.resolve("ballast"));
      bed.apply();
      bed.assertWhole();
      NodeSnapshot applied = NodeSnapshot.of(node);
      fill(node, state);
      assertThatThrownBy(() -> bed.apply(Bed.without("c")))
          .hasMessageContaining("nothing was changed in the kernel");
      assertThatThrownBy(bed::destroy).hasMessageContaining("nothing was changed in the kernel");
      applied.assertUnchanged(node);
      assertThat(bed.topologies().status())
          .extracting(Status::phase)
          .containsExactly(Phase.APPLIED);

      Files.delete(state.resolve("ballast"));
      bed.destroy();
      before.assertUnchanged(node);
    } finally {
      Mounts.unmount(state);
    }
  }

  @Test
  void withoutRoomAfterTheStepsTheErrorDoesNotSayThatNothingWasChanged(Node node)
      throws IOException {
    Path state = Files.createDirectories(node.directories().state());
    Mounts.mountTmpfs(state, SMALL);
    try {
      Bed bed =
          Bed.on(
              node,
              new Progress() {
                @Override
                public void stage(String what, int count) {
                  if (what.equals("configuring namespaces")) {
                    fill(node, state);
                  }
                }

                @Override
                public void note(String text) {}
              });
      assertThatThrownBy(bed::apply)
          .hasMessageContaining("No space left on device")
          .message()
          .doesNotContain("nothing was changed");
      Files.delete(state.resolve("ballast"));
      Bed.on(node).apply();
      bed.assertWhole();
    } finally {
      Mounts.unmount(state);
    }
  }

  @Test
  void whatAnInterruptedWriteLeftGoesWithTheTopology(Node node) throws IOException {
    Path state = node.directories().state();
    Bed bed = Bed.on(node);
    bed.apply();
    Files.writeString(state.resolve("topologies/bed.json.new"), "{");
    assertThat(bed.topologies().status()).hasSize(1);
    bed.destroy();
    assertThat(state).doesNotExist();
  }

  /** The second node stands for the machine after the reboot: same disk, another kernel. */
  private static void reboot(Node before, Node after) throws IOException {
    Path from = before.directories().state();
    Path to = after.directories().state();
    Shell.inNode(after, "cp -r " + from + " " + to).orFail();
    Path leases = to.resolve("leases.json");
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    String text = Files.readString(leases);
    assertThat(text).contains(boot).contains("forwarding");
    Files.writeString(leases, text.replace(boot, "00000000-0000-0000-0000-000000000000"));
  }

  @Test
  void afterARebootApplyMakesAllAgainAndOldLeasesAreVoid(Node old, Node node) throws IOException {
    LeaseTest.write(old, 0);
    LeaseTest.topologies(old).apply(Bed.declared(Bed.TOPOLOGY));
    reboot(old, node);
    LeaseTest.write(node, 1);
    NodeSnapshot before = NodeSnapshot.of(node);
    Topologies topologies = LeaseTest.topologies(node);
    assertThat(topologies.status())
        .singleElement()
        .matches(s -> s.phase() == Phase.APPLIED && s.drift() > 0);
    topologies.apply(Bed.declared(Bed.TOPOLOGY));
    new Bed(node, topologies).assertWhole();
    topologies.destroy(Bed.NAME);
    before.assertUnchanged(node);
  }

  @Test
  void afterARebootDestroyForgetsTheIntent(Node old, Node node) throws IOException {
    LeaseTest.write(old, 0);
    LeaseTest.topologies(old).apply(Bed.declared(Bed.TOPOLOGY));
    reboot(old, node);
    NodeSnapshot before = NodeSnapshot.of(node);
    Topologies topologies = LeaseTest.topologies(node);
    topologies.destroy(Bed.NAME);
    before.assertUnchanged(node);
    assertThat(topologies.status()).isEmpty();
  }
}
