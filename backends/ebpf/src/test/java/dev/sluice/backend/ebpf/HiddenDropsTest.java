package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.bpf.lib.SkbContext;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.policy.DropReason;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What programs do beside deciding that stand where a sender still sends, on single frames. */
@ExtendWith(NodeExtension.class)
class HiddenDropsTest {

  private static final long SECRET = 0x5eed1234_00c0ffeeL;

  /** A drop would come back to the sender: so it goes to a device that nobody has. */
  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "ENDPOINT")
  void whoIsDeniedDoesNotLearnOfIt(Programs programs) {
    try (LoneObject object = LoneObject.load(programs.file(), SECRET)) {
      TestResult result = object.run(programs.fromEndpoint(), new byte[64], 0);
      assertThat(result.verdict()).isEqualTo(ProgramBed.REDIRECTED);
      assertThat(SkbContext.of(result.context()).cb()).isZero();
    }
  }

  /** It would mean something to the node. (A netkit pair takes it off by itself.) */
  @Test
  void whatASlaveHasMarkedIsNoLonger() {
    try (LoneObject object = LoneObject.load("parent", SECRET)) {
      TestResult result = object.run("from_slaves", new byte[64], 0);
      assertThat(SkbContext.of(result.context()).mark()).isZero();
    }
  }

  /** Longer than the primary end of a netkit pair takes, whatever the other end's MTU is. */
  @ParameterizedTest
  @CsvSource({"1514, 0", "1515, 1", "3000, 1"})
  void aLongerFrameIsDroppedAndCounted(int length, long dropped, Node node) {
    Shell.inNode(node, "ip link add near type veth peer name far").orFail();
    try (LoneObject object = LoneObject.load("netkit", SECRET)) {
      TestResult result =
          node.netns()
              .call(
                  () -> {
                    try (RouteSocket route = RouteSocket.open()) {
                      int near = route.link("near").orElseThrow().index();
                      return object
                          .program("from_endpoint")
                          .testRun(new byte[length], SkbContext.at(near).bytes(), 1);
                    }
                  });
      assertThat(result.verdict()).isEqualTo(ProgramBed.REDIRECTED);
      assertThat(object.dropped(DropReason.TOO_LONG)).isEqualTo(dropped);
    }
  }
}
