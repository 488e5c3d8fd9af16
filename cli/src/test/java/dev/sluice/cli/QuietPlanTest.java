package dev.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.cli.command.ExitStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a command sends to the kernel, as strace(1) sees it. */
@Timeout(120)
class QuietPlanTest {

  /** strace knows the names only of a socket whose protocol it can find out. */
  private static final Pattern TYPE = Pattern.compile("nlmsg_type=(?:0x([0-9a-f]+)|(\\w+))");

  private static final int RTM_BASE = 16;

  /** NFNL_SUBSYS_NFTABLES, NFT_MSG_GETGEN: while that stands nothing else of nftables is asked. */
  private static final int GET_GENERATION = 0xa10;

  /** rtnetlink's types come in fours: NEW, DEL, GET, SET (linux/rtnetlink.h). */
  private static final int GET = 2;

  private static final String SENDS = "--trace=sendto,sendmsg,sendmmsg";

  @TempDir private Path directory;

  @Test
  void aPlanWithNothingToChangeOnlyAsks() throws Exception {
    String file = Files.writeString(directory.resolve("pair.yaml"), TestTopology.YAML).toString();
    try (LabNode node = new LabNode()) {
      // That changes are seen where there are some makes their absence worth something.
      assertThat(requests(ExitStatus.DONE, "apply", file, "--node-netns", node.name()))
          .anyMatch(type -> !asks(type));
      assertThat(
              requests(
                  ExitStatus.DONE,
                  "plan",
                  file,
                  "--detailed-exitcode",
                  "--node-netns",
                  node.name()))
          .isNotEmpty()
          .allMatch(QuietPlanTest::asks);
    }
  }

  /** The types of all netlink messages that a command sends. */
  private List<String> requests(int status, String... args)
      throws IOException, InterruptedException {
    Path trace = directory.resolve(args[0] + ".trace");
    List<String> strace =
        List.of("strace", "-f", "-v", "--seccomp-bpf", SENDS, "-o", trace.toString());
    try (Child child = new Child(strace, args)) {
      assertThat(child.await()).isEqualTo(status);
    }
    return TYPE.matcher(Files.readString(trace))
        .results()
        .map(r -> r.group(1) == null ? r.group(2) : r.group(1))
        .toList();
  }

  private static boolean asks(String type) {
    if (type.startsWith("RTM_")) {
      return type.startsWith("RTM_GET");
    }
    int number = Integer.parseInt(type, 16);
    if (number == GET_GENERATION) {
      return true;
    }
    return number >= RTM_BASE && number % 4 == GET;
  }
}
