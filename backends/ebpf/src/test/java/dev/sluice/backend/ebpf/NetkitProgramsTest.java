package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.bpf.lib.SkbContext;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.policy.DropReason;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.Shell;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the programs at both ends of a netkit pair do beside what those of veth pairs do too, on
 * single frames: of that a kernel without netkit can run all.
 */
@ExtendWith(NodeExtension.class)
class NetkitProgramsTest {

  private static final long SECRET = 0x5eed1234_00c0ffeeL;
  private static final int LOOPBACK = 1;
  private static final int PASS = 0;
  private static final byte[] FRAME = new byte[64];

  private final OpenObject object = OpenObject.open("netkit", ObjectFile.read("netkit"));

  @AfterEach
  void close() {
    object.close();
  }

  private void loadWith(long secret) {
    object.set("secret", secret);
    object.load();
  }

  private TestResult run(String program, long secret) {
    SkbContext context = new SkbContext(0, 7, 0, LOOPBACK, secret);
    return object.program(program).testRun(FRAME, context.bytes(), 1);
  }

  private long misdirected() {
    return dropped(DropReason.MISDIRECTED);
  }

  private long dropped(DropReason reason) {
    ByteBuffer key = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder());
    key.putInt(reason.number());
    ByteBuffer counts =
        ByteBuffer.wrap(object.loadedMap("drops").lookup(key.array()).orElseThrow())
            .order(ByteOrder.nativeOrder());
    long packets = 0;
    for (int at = 0; at < counts.capacity(); at += 2 * Long.BYTES) {
      packets += counts.getLong(at);
    }
    return packets;
  }

  @Test
  void whatHasBeenDecidedOnPassesWithoutTheSecret() {
    loadWith(SECRET);
    TestResult result = run("to_endpoint", SECRET);
    assertThat(result.verdict()).isEqualTo(PASS);
    SkbContext after = SkbContext.of(result.context());
    assertThat(after.cb()).isZero();
    assertThat(misdirected()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, SECRET + 1, SECRET + (1L << 32), SECRET & 0xffffffffL, -1})
  void nothingElsePasses(long secret) {
    loadWith(SECRET);
    assertThat(run("to_endpoint", secret).verdict()).isEqualTo(ProgramBed.DROPPED);
    assertThat(misdirected()).isEqualTo(1);
  }

  @Test
  void nothingPassesWhereThereIsNoSecret() {
    loadWith(0);
    assertThat(run("to_endpoint", 0).verdict()).isEqualTo(ProgramBed.DROPPED);
    assertThat(misdirected()).isEqualTo(1);
  }

  /** A drop would come back to the sender: so it goes to a device that nobody has. */
  @Test
  void whoIsDeniedDoesNotLearnOfIt() {
    loadWith(SECRET);
    assertThat(run("from_endpoint", 0).verdict()).isEqualTo(ProgramBed.REDIRECTED);
  }

  /** Longer than the primary end takes, whatever the other end's MTU is. */
  @ParameterizedTest
  @CsvSource({"1514, 0", "1515, 1", "3000, 1"})
  void aLongerFrameIsDroppedAndCounted(int length, long dropped, Node node) {
    loadWith(SECRET);
    Shell.inNode(node, "ip link add near type veth peer name far").orFail();
    byte[] frame = new byte[length];
    TestResult result =
        node.netns()
            .call(
                () -> {
                  try (RouteSocket route = RouteSocket.open()) {
                    int near = route.link("near").orElseThrow().index();
                    return object
                        .program("from_endpoint")
                        .testRun(frame, SkbContext.at(near).bytes(), 1);
                  }
                });
    assertThat(result.verdict()).isEqualTo(ProgramBed.REDIRECTED);
    assertThat(dropped(DropReason.TOO_LONG)).isEqualTo(dropped);
  }
}
