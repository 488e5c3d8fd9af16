package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.kind.PinnedMaps;
import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.cli.command.ExitStatus;
import dev.sluice.core.node.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What commands say, and how they end, when something is wrong with programs, maps or pins. */
@Timeout(120)
class BpfFaultsTest {

  private static final String YAML =
      TestTopology.YAML.replace("datapath: bridge", "datapath: ebpf");

  private static final long EXIT = ByteBuffer.wrap(instruction("9500000000000000")).getLong();

  /** Reads from beyond the stack, and then runs into whatever comes. */
  private static final long BEYOND = ByteBuffer.wrap(instruction("79a0080000000000")).getLong();

  @TempDir private Path directory;

  private final LabNode node = new LabNode();
  private String file;

  @BeforeEach
  void writeFile() throws IOException {
    file = Files.writeString(directory.resolve("pair.yaml"), YAML).toString();
  }

  @AfterEach
  void removeNode() throws IOException {
    node.close();
  }

  private static byte[] instruction(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private void assertInForce() {
    assertThat(node.run("status").expect(ExitStatus.DONE).out())
        .containsPattern("pair +ebpf +applied +2 +\\d+ +0\n");
    node.run("check", "pair").expect(ExitStatus.DONE);
    node.run("plan", file, "--detailed-exitcode").expect(ExitStatus.DONE);
  }

  /** From client to server; a shell command that fails is an error. */
  private String ping(int count) {
    return LabNode.shell(
        "nsenter --net=%s ping -n -c %d -i 0.2 10.0.2.2"
            .formatted(node.names().resolve("left"), count));
  }

  /** The object as it is in the class path, but that no program of it ends. */
  private void spoil(String name) throws IOException {
    ByteBuffer object = ByteBuffer.wrap(ObjectFile.read(name));
    for (int at = 0; at + Long.BYTES <= object.capacity(); at += Long.BYTES) {
      if (object.getLong(at) == EXIT) {
        object.putLong(at, BEYOND);
      }
    }
    Path path = directory.resolve("dev/sluice/bpf/" + name + ".bpf.o");
    Files.createDirectories(path.getParent());
    Files.write(path, object.array());
  }

  @Test
  void anObjectThatTheVerifierRefusesIs70WithItsLogAndThePreviousOneStaysInForce()
      throws Exception {
    node.run("apply", file).expect(ExitStatus.DONE);
    spoil("endpoint");
    spoil("netkit");
    List<String> spoiled = List.of("env", "JDK_JAVA_OPTIONS=-Xbootclasspath/a:" + directory);
    try (Child child = new Child(spoiled, "apply", file, "--node-netns", node.name())) {
      assertThat(child.rest())
          .contains("pair was not applied: load BPF object ")
          .contains("the verifier's log ends:")
          .contains("this is a fault of Sluice");
      assertThat(child.await()).isEqualTo(ExitStatus.OUR_FAULT);
    }
    ping(1);
    // That version of Sluice knew no way back either.
    node.run("apply", file).expect(ExitStatus.DONE);
    assertInForce();
  }

  /** A mount of its own would take the pins with it. */
  @Test
  void withoutTheFileSystemOfPinsItIs69AndTheCommandThatMountsIt() throws Exception {
    String before = node.witness("ip -o link");
    List<String> unmounted =
        List.of("unshare", "--mount", "sh", "-c", "umount /sys/fs/bpf; exec \"$@\"", "sh");
    try (Child child = new Child(unmounted, "apply", file, "--node-netns", node.name())) {
      child.awaitLine("nsenter --mount=/proc/1/ns/mnt mount -t bpf bpf /sys/fs/bpf");
      assertThat(child.await()).isEqualTo(ExitStatus.LACKING);
    }
    assertThat(node.witness("ip -o link")).isEqualTo(before);
    assertThat(node.run("status").expect(ExitStatus.DONE).out()).startsWith("No topology");
    node.run("apply", file).expect(ExitStatus.DONE);
    assertInForce();
  }

  @Test
  void aProgramThatIsDetachedByHandIsDriftAndRepaired() throws IOException {
    node.run("apply", file).expect(ExitStatus.DONE);
    try (Node there = Node.inNetns(node.name());
        Stream<Path> pins = Files.list(there.directories().pins().resolve("pair/links"))) {
      for (Path pin : pins.toList()) {
        try (BpfAttachment attachment = BpfAttachment.pinned(pin)) {
          attachment.detach();
        }
      }
    }
    assertThat(node.run("status").expect(ExitStatus.DONE).out())
        .containsPattern("pair +ebpf +applied +2 +\\d+ +[1-9]\\d*\n");
    node.run("plan", file, "--detailed-exitcode").expect(ExitStatus.CHANGES);
    node.run("apply", file).expect(ExitStatus.DONE);
    assertInForce();
  }

  @Test
  void whatFindsTheTableOfFlowsFullIsDroppedAndCounted() {
    node.run("apply", file).expect(ExitStatus.DONE);
    try (Node there = Node.inNetns(node.name());
        BpfMap established = PinnedMaps.live(there, "pair", "established").orElseThrow()) {
      int room = established.shape().maxEntries();
      ByteBuffer keys = ByteBuffer.allocate(room * established.shape().keySize());
      for (int i = 0; i < room; i++) {
        keys.putInt(i * established.shape().keySize(), i);
      }
      // Whatever is in it: a number of which each byte is 7f is no time that has come.
      byte[] values = new byte[room * established.valueLength()];
      Arrays.fill(values, (byte) 0x7f);
      established.updateAll(keys.array(), values);
      assertThat(ping(3)).contains("3 packets transmitted, 1 received");
      assertThat(node.run("policy", "pair").expect(ExitStatus.DONE).out())
          .containsPattern("\nflows-full +[1-9]\\d* +[1-9]\\d*\n")
          .containsPattern("\nestablished +65536 +65536\n");
      established.deleteAll(keys.array());
    }
    assertInForce();
  }
}
