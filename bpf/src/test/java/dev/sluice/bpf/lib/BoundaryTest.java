package dev.sluice.bpf.lib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.lib.BpfMap.Element;
import dev.sluice.bpf.lib.BpfProgram.ProgramInfo;
import dev.sluice.bpf.lib.BpfProgram.TestResult;
import dev.sluice.bpf.lib.Btf.Place;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.LinkMessage.XdpMode;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.sys.Errno;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.Shell;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each call against the kernel of this machine. */
class BoundaryTest {

  private static final int TC_ACT_OK = 0;
  private static final int TC_ACT_SHOT = 2;
  private static final byte[] FRAME = new byte[64];

  private static OpenObject sample() {
    return OpenObject.open("sample", ObjectFile.read("sample"));
  }

  private static byte[] word(int... words) {
    ByteBuffer out = ByteBuffer.allocate(4 * words.length).order(ByteOrder.nativeOrder());
    for (int word : words) {
      out.putInt(word);
    }
    return out.array();
  }

  private static SkbContext run(BpfProgram program, int verdict) {
    TestResult result = program.testRun(FRAME, new SkbContext(0, 0, 0, 0, 0).bytes(), 1);
    assertThat(result.verdict()).isEqualTo(verdict);
    assertThat(result.frame()).isEqualTo(FRAME);
    return SkbContext.of(result.context());
  }

  @Test
  void settingsOfEachSizeReachTheProgram() {
    try (OpenObject object = sample()) {
      object.set("cfg_mark", 0x10000000);
      object.set("cfg_short", 0x200);
      object.set("cfg_long", 0x40);
      object.set("cfg_verdict", 1);
      object.load();
      assertThat(run(object.program("pass"), TC_ACT_SHOT).mark()).isEqualTo(0x10000240);
    }
  }

  @Test
  void whatIsNotSetHasTheValueOfTheSource() {
    try (OpenObject object = sample()) {
      object.load();
      assertThat(run(object.program("pass"), TC_ACT_OK).mark()).isEqualTo(6);
    }
  }

  @Test
  void aSettingThatTheSourceDoesNotHaveIsRefused() {
    try (OpenObject object = sample()) {
      assertThatThrownBy(() -> object.set("cfg_nothing", 1))
          .isInstanceOf(SluiceException.class)
          .hasMessage("BPF object sample has no constant cfg_nothing");
    }
  }

  @Test
  void programsAndMapsAreKnownByTheirNames() {
    try (OpenObject object = sample()) {
      assertThat(object.programs()).containsExactlyInAnyOrder("pass", "deny");
      assertThat(object.maps())
          .containsExactlyInAnyOrder("identities", "slots", "generations", "counters", "seen");
    }
  }

  @Test
  void theTypesOfTheFileAreRead() {
    try (OpenObject object = sample()) {
      Btf types = object.types();
      assertThat(types.members("slot"))
          .containsExactly(new Place("ifindex", 0, 4), new Place("flags", 4, 4));
      assertThat(types.members("prefix"))
          .containsExactly(new Place("length", 0, 4), new Place("address", 4, 4));
      assertThat(types.structSize("slot")).hasValue(8);
      assertThat(types.structSize("no_such")).isEmpty();
    }
  }

  @Test
  void aRefusedProgramHasTheVerifiersWords() {
    try (OpenObject object = OpenObject.open("refused", ObjectFile.read("refused"))) {
      assertThatThrownBy(object::load)
          .isInstanceOfSatisfying(
              BpfLoadException.class,
              e -> {
                assertThat(e.errno().is(Errno.EACCES)).isTrue();
                assertThat(e.category()).isEqualTo(Category.INTERNAL);
                assertThat(e.log()).contains("invalid access to packet");
                assertThat(e.getMessage())
                    .startsWith("load BPF object refused: EACCES")
                    .contains("invalid access to packet")
                    .contains("unchecked");
              });
    }
  }

  @Test
  void whatIsNoObjectIsRefused() {
    assertThatThrownBy(() -> OpenObject.open("noise", new byte[100]))
        .isInstanceOf(BpfLoadException.class)
        .hasMessageStartingWith("load BPF object noise: ");
  }

  @Test
  void aPinThatIsNotThereIsAnErrorWithItsErrno(@TempDir Path directory) {
    assertThatThrownBy(() -> BpfMap.pinned(directory.resolve("none")))
        .isInstanceOfSatisfying(
            BpfException.class, e -> assertThat(e.errno().is(Errno.ENOENT)).isTrue());
  }

  /** More than fit into one batch, in each type of map that has keys of ours. */
  @ParameterizedTest
  @CsvSource({"slots, 8", "identities, 4", "counters, 8"})
  void manyElementsAreWrittenReadAndDeleted(String name, int valueSize) {
    int count = 10_000;
    try (OpenObject object = sample()) {
      object.setMaxEntries(name, count);
      object.load();
      BpfMap map = object.loadedMap(name);
      List<Element> elements = new ArrayList<>();
      boolean trie = name.equals("identities");
      for (int i = 0; i < count; i++) {
        byte[] value = new byte[map.valueLength()];
        System.arraycopy(word(i), 0, value, 0, 4);
        elements.add(new Element(trie ? word(32, i) : word(i), value));
      }
      map.updateAll(joined(elements, Element::key), joined(elements, Element::value));
      assertThat(map.shape().valueSize()).isEqualTo(valueSize);
      assertThat(texts(map.dump())).isEqualTo(texts(elements));

      map.deleteAll(joined(elements.subList(0, count - 1), Element::key));
      assertThat(texts(map.dump())).isEqualTo(texts(elements.subList(count - 1, count)));
      // That some are gone already is no failure.
      map.deleteAll(joined(elements, Element::key));
      assertThat(map.dump()).isEmpty();
    }
  }

  private static byte[] joined(List<Element> elements, Function<Element, byte[]> part) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    elements.forEach(e -> out.writeBytes(part.apply(e)));
    return out.toByteArray();
  }

  private static Set<String> texts(List<Element> elements) {
    Set<String> out = new HashSet<>();
    elements.forEach(e -> out.add(Arrays.toString(e.key()) + Arrays.toString(e.value())));
    return out;
  }

  @Test
  void oneElementIsWrittenReadAndDeleted() {
    try (OpenObject object = sample()) {
      object.load();
      BpfMap map = object.loadedMap("slots");
      assertThat(map.lookup(word(1))).isEmpty();
      map.update(word(1), word(5, 6));
      assertThat(map.lookup(word(1))).hasValue(word(5, 6));
      assertThat(map.delete(word(1))).isTrue();
      assertThat(map.delete(word(1))).isFalse();
    }
  }

  @Test
  void anArrayIsReadWhole() {
    try (OpenObject object = sample()) {
      object.load();
      BpfMap map = object.loadedMap("generations");
      map.updateAll(word(2), word(9));
      assertThat(texts(map.dump()))
          .isEqualTo(
              texts(
                  List.of(
                      new Element(word(0), word(0)),
                      new Element(word(1), word(0)),
                      new Element(word(2), word(9)),
                      new Element(word(3), word(0)))));
    }
  }

  @Test
  void aTestRunReadsMapsAndCounts() {
    try (OpenObject object = sample()) {
      object.load();
      object.loadedMap("slots").update(word(1), word(0, 77));
      object.loadedMap("generations").update(word(0), word(5));
      SkbContext after = run(object.program("pass"), TC_ACT_OK);
      assertThat(after.priority()).isEqualTo(77);
      assertThat(after.cb()).isEqualTo(5);
      object.program("pass").testRun(FRAME, new byte[0], 99);
      assertThat(sum(object.loadedMap("seen").lookup(word(0)).orElseThrow())).isEqualTo(100);
    }
  }

  private static long sum(byte[] perCpu) {
    ByteBuffer values = ByteBuffer.wrap(perCpu).order(ByteOrder.nativeOrder());
    long sum = 0;
    while (values.hasRemaining()) {
      sum += values.getLong();
    }
    return sum;
  }

  @Test
  void runsAreCountedWhileStatisticsAreKept() {
    try (OpenObject object = sample()) {
      object.load();
      BpfProgram program = object.program("pass");
      try (RunStatistics statistics = RunStatistics.enable()) {
        assertThat(statistics).isNotNull();
        program.testRun(FRAME, new byte[0], 1000);
      }
      ProgramInfo info = program.info();
      assertThat(info.name()).isEqualTo("pass");
      assertThat(info.runs()).isBetween(1L, 1000L);
      assertThat(info.nanoseconds()).isPositive();
      assertThat(info.verifiedInstructions()).isPositive();
      assertThat(info.translatedBytes()).isPositive();
    }
  }

  @Test
  @ExtendWith(NodeExtension.class)
  void aProgramIsAttachedReplacedAndDetached(Node node) {
    try (OpenObject object = sample()) {
      object.load();
      node.netns()
          .run(
              () -> {
                for (AttachType type : List.of(AttachType.TCX_INGRESS, AttachType.TCX_EGRESS)) {
                  attach(object, type, object.program("pass"));
                }
              });
    }
  }

  private static void attach(OpenObject object, AttachType type, BpfProgram program) {
    int loopback = 1;
    try (OpenObject other = sample();
        BpfAttachment attachment = BpfAttachment.create(program, loopback, type)) {
      assertThat(attachment.info().ifindex()).isEqualTo(loopback);
      assertThat(attachment.info().type()).isEqualTo(Optional.of(type));
      assertThat(attachment.info().programId()).isEqualTo(program.info().id());
      other.load();
      attachment.update(other.program("pass"));
      assertThat(attachment.info().programId()).isEqualTo(other.program("pass").info().id());
      attachment.detach();
      assertThat(attachment.info().ifindex()).isZero();
      assertThat(object.programs()).isNotEmpty();
    }
  }

  /** veth refuses in its driver a program that knows no frames of several pages. */
  @Test
  @ExtendWith(NodeExtension.class)
  void whereTheDriverRefusesAProgramItRunsAtTheEntranceOfTheStack(Node node) {
    try (OpenObject object = sample()) {
      object.load();
      for (int mtu : new int[] {1500, 9000}) {
        Shell.inNode(
                node,
                "ip link add x type veth peer name y && ip link set dev y mtu %1$d up && ip link set dev x mtu %1$d up"
                    .formatted(mtu))
            .orFail();
        node.netns()
            .call(
                () -> {
                  try (RouteSocket route = RouteSocket.open()) {
                    LinkMessage before = route.link("x").orElseThrow();
                    assertThat(before.xdpProgram()).isEmpty();
                    assertThat(before.xdpMode()).isEqualTo(XdpMode.NONE);
                    BpfProgram program = object.program("deny");
                    try (BpfAttachment attachment =
                        BpfAttachment.create(program, before.index(), AttachType.XDP)) {
                      assertThat(attachment.info().type()).contains(AttachType.XDP);
                      LinkMessage after = route.link("x").orElseThrow();
                      assertThat(after.xdpProgram()).hasValue(program.info().id());
                      assertThat(after.xdpMode())
                          .isEqualTo(mtu == 9000 ? XdpMode.GENERIC : XdpMode.NATIVE);
                      String shown = Shell.inNode(node, "ip -d link show x").orFail();
                      assertThat(shown.contains("xdpgeneric")).isEqualTo(mtu == 9000);
                    }
                  }
                  return true;
                });
        Shell.inNode(node, "ip link del x").orFail();
      }
    }
  }
}
