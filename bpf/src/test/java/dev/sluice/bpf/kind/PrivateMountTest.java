package dev.sluice.bpf.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeDirectories;
import dev.sluice.core.sys.Netns;
import dev.sluice.testkit.NodeExtension;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A process with mounts of its own, among which the file system of pins is not. */
@ExtendWith(NodeExtension.class)
class PrivateMountTest {

  static final class Child {
    private Child() {}

    public static void main(String[] args) {
      try (Node node =
          new Node("child", Netns.current(), NodeDirectories.under(Path.of(args[0])))) {
        node.preparePins();
        System.out.println("prepared");
      } catch (SluiceException e) {
        System.out.println(e.category() + " " + e.getMessage());
      }
    }
  }

  private static String child(Node node, String before) throws Exception {
    String java =
        "exec %s -XX:TieredStopAtLevel=1 -cp %s '%s' %s"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                Child.class.getName(),
                node.directories().state().getParent());
    Process process =
        new ProcessBuilder("unshare", "--mount", "/bin/sh", "-ec", before + java)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  @Test
  void itIsNotMountedThere(Node node) throws Exception {
    node.preparePins();
    assertThat(child(node, "umount /sys/fs/bpf; "))
        .startsWith("ENVIRONMENT /sys/fs/bpf is not mounted")
        .contains("nsenter --mount=/proc/1/ns/mnt mount -t bpf bpf /sys/fs/bpf");
  }

  @Test
  void whereItIsMountedItIsUsed(Node node) throws Exception {
    node.preparePins();
    assertThat(child(node, "")).isEqualTo("prepared\n");
  }
}
