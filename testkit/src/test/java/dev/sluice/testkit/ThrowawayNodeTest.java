package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.core.node.ThrowawayNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NodeExtension.class)
class ThrowawayNodeTest {

  /** A process that makes a node with a namespace in it, tells where, and waits to be killed. */
  static final class Killed {
    private Killed() {}

    public static void main(String[] args) throws InterruptedException {
      ThrowawayNode throwaway = ThrowawayNode.create("killed");
      Node node = throwaway.node();
      Shell.inNode(node, "touch %1$s && unshare --net=%1$s true".formatted(node.published("ns1")))
          .orFail();
      System.out.println(node.directories().state().getParent());
      TimeUnit.HOURS.sleep(1);
    }
  }

  private static Path leaveOne() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Killed.class.getName())
            .start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      return Path.of(lines.readLine());
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  @Test
  void whatAKilledProcessLeftIsCollectedAndWhatLivesIsLeft(Node living) throws IOException {
    Path left = leaveOne();
    assertThat(left.resolve("names/ns1")).exists();
    assertThat(ThrowawayNode.collectLeftovers()).isPositive();
    assertThat(left).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(left.toString());
    assertThat(living.directories().names()).exists();
    Shell.inNode(living, "ip link show lo").orFail();
  }

  @Test
  void closingRemovesAllThatWasInside() throws IOException {
    Path root;
    try (ThrowawayNode throwaway = ThrowawayNode.create("closed")) {
      Node node = throwaway.node();
      root = node.directories().state().getParent();
      Shell.inNode(node, "touch %1$s && unshare --net=%1$s true".formatted(node.published("ns1")))
          .orFail();
    }
    assertThat(root).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mountinfo"))).doesNotContain(root.toString());
  }
}
