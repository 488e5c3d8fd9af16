package dev.sluice.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.error.SluiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeLockTest {

  private static final Duration SHORT = Duration.ofMillis(120);

  private ThrowawayNode throwaway;
  private Node node;

  @BeforeEach
  void make() {
    throwaway = ThrowawayNode.create("lock");
    node = throwaway.node();
  }

  @AfterEach
  void remove() {
    throwaway.close();
  }

  /** As another process would find it: /proc/locks names the file by its inode. */
  private boolean isLocked() throws IOException {
    Path file = node.directories().run().resolve("lock");
    String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
    return Files.readAllLines(Path.of("/proc/locks")).stream().anyMatch(l -> l.contains(inode));
  }

  @Test
  void theSecondIsToldWhoHoldsItAndGivesUp() throws IOException {
    List<String> told = new ArrayList<>();
    try (NodeLock first = NodeLock.take(node, SHORT, told::add)) {
      assertThat(first).isNotNull();
      assertThat(told).isEmpty();
      assertThatThrownBy(() -> NodeLock.take(node, SHORT, told::add))
          .isInstanceOf(SluiceException.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid())
          .hasMessageContaining("nothing was changed");
      assertThat(told).singleElement().asString().contains("waiting up to");
    }
    NodeLock.take(node, SHORT, told::add).close();
    assertThat(told).hasSize(1);
  }

  @Test
  void whatThereIsOneOfIsHeldBesideTheNodeAndRefusedAtOnce() {
    try (NodeLock all = NodeLock.take(node, SHORT, note -> {});
        NodeLock one = NodeLock.takeNow(node, "wire", "is at the wire")) {
      assertThat(all).isNotSameAs(one);
      assertThatThrownBy(() -> NodeLock.takeNow(node, "wire", "is at the wire"))
          .isInstanceOf(SluiceException.class)
          .hasMessage(
              "process %d is at the wire on node %s: nothing was changed",
              ProcessHandle.current().pid(), node.name());
      NodeLock.takeNow(node, "other", "is at another").close();
    }
    NodeLock.takeNow(node, "wire", "is at the wire").close();
  }

  @Test
  void oneThatGivesUpTakesNothingFromTheHolder() throws IOException {
    try (NodeLock first = NodeLock.take(node, SHORT, note -> {})) {
      assertThatThrownBy(() -> NodeLock.take(node, SHORT, note -> {}))
          .isInstanceOf(SluiceException.class);
      assertThat(isLocked()).as("locked by %s", first).isTrue();
    }
    assertThat(isLocked()).isFalse();
  }

  @Test
  void anInterruptEndsTheWait() {
    try (NodeLock first = NodeLock.take(node, SHORT, note -> {})) {
      assertThat(first).isNotNull();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> NodeLock.take(node, Duration.ofMinutes(1), note -> {}))
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void nodesAreLockedOneByOne() {
    try (ThrowawayNode other = ThrowawayNode.create("other");
        NodeLock one = NodeLock.take(node, SHORT, note -> {});
        NodeLock two = NodeLock.take(other.node(), SHORT, note -> {})) {
      assertThat(one).isNotSameAs(two);
    }
  }
}
