package dev.sluice.bpf.kind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** BPF objects and attachments under the reconciler, on the real kernel. */
@ExtendWith(NodeExtension.class)
class ReconcileTest {

  private static final Sampled FIRST = Sampled.first();

  @Test
  void whatIsAppliedIsInForceForAnyProcessAndGoesWhole(Node node) {
    SampleBed bed = new SampleBed(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply(FIRST);
    bed.ping(3, "0.1");
    // Ingress, egress and XDP of each echo.
    assertThat(bed.seen()).isGreaterThanOrEqualTo(9);
    bed.assertInForce(FIRST);
    assertThat(bed.apply(FIRST).isEmpty()).isTrue();
    bed.destroy();
    before.assertUnchanged(node);
    assertThat(node.directories().pins()).doesNotExist();
    assertThat(PinnedMaps.live(node, SampleBed.NAME, "seen")).isEmpty();
  }

  @Test
  void anotherVersionTakesOverWithoutALostPacketAndKeepsLiveState(Node node) throws Exception {
    SampleBed bed = new SampleBed(node);
    bed.apply(FIRST);
    int link = linkId(bed);
    CompletableFuture<String> flow = CompletableFuture.supplyAsync(() -> bed.ping(200, "0.01"));
    Sampled next = FIRST;
    int versions = 0;
    while (!flow.isDone() && versions < 10) {
      versions++;
      next = FIRST.withRoom(100 + versions);
      assertThat(SampleBed.words(bed.apply(next)))
          .containsExactly(
              "UPDATE BPF link tcx-egress of near.0 by sample",
              "UPDATE BPF link tcx-ingress of near.0 by sample",
              "UPDATE BPF link xdp of near.0",
              "UPDATE BPF object sample");
    }
    assertThat(flow.get()).contains(" 200 received", " 0% packet loss");
    assertThat(versions).isGreaterThan(1);
    assertThat(linkId(bed)).as("the link is the one there was").isEqualTo(link);
    bed.assertInForce(next);
    assertThat(bed.seen()).as("counted over all versions").isGreaterThanOrEqualTo(600);
  }

  private static int linkId(SampleBed bed) {
    try (BpfAttachment attachment = bed.ingress()) {
      return attachment.info().id();
    }
  }

  @Test
  void contentIsChangedInPlace(Node node) {
    SampleBed bed = new SampleBed(node);
    bed.apply(FIRST);
    bed.ping(50, "0.01");
    long counted = bed.counted(FIRST);
    assertThat(counted).isPositive();
    try (BpfAttachment attachment = bed.ingress()) {
      int program = attachment.info().programId();
      for (Sampled next :
          new Sampled[] {
            FIRST.withGeneration(2),
            FIRST.withIdentities(10_000),
            FIRST.withIdentities(5000),
            FIRST.withIdentities(0).withGeneration(0)
          }) {
        assertThat(SampleBed.words(bed.apply(next))).containsExactly("UPDATE BPF object sample");
        bed.assertInForce(next);
      }
      assertThat(attachment.info().programId()).isEqualTo(program);
    }
    assertThat(bed.counted(FIRST)).as("the value is the kernel's").isGreaterThanOrEqualTo(counted);
  }

  @Test
  void whatIsChangedByHandIsDriftAndIsMended(Node node) {
    SampleBed bed = new SampleBed(node);
    bed.apply(FIRST);
    try (BpfMap map = BpfMap.pinned(bed.version(FIRST).resolve("map-generations"))) {
      map.update(Sampled.words(3).bytes(), Sampled.words(9).bytes());
    }
    try (BpfMap map = BpfMap.pinned(bed.version(FIRST).resolve("map-identities"))) {
      map.delete(Sampled.words(32, 1).bytes());
    }
    try (BpfMap map = BpfMap.pinned(bed.version(FIRST).resolve("map-counters"))) {
      map.delete(Sampled.words(7).bytes());
    }
    assertThat(bed.plan(FIRST)).containsExactly("UPDATE BPF object sample");
    bed.apply(FIRST);
    bed.assertInForce(FIRST);
  }

  @Test
  void aProgramDetachedByHandIsAttachedAgain(Node node) {
    SampleBed bed = new SampleBed(node);
    bed.apply(FIRST);
    try (BpfAttachment attachment = bed.ingress()) {
      attachment.detach();
    }
    assertThat(bed.plan(FIRST)).containsExactly("UPDATE BPF link tcx-ingress of near.0 by sample");
    bed.apply(FIRST);
    bed.assertInForce(FIRST);
    try (BpfAttachment attachment = bed.ingress()) {
      assertThat(attachment.info().ifindex()).isPositive();
    }
  }

  @Test
  void anAttachmentWhosePinIsRemovedIsMadeAgain(Node node) throws Exception {
    SampleBed bed = new SampleBed(node);
    bed.apply(FIRST);
    Files.delete(bed.pins().links().resolve("near%2e0:xdp"));
    assertThat(bed.plan(FIRST)).containsExactly("CREATE BPF link xdp of near.0");
    bed.apply(FIRST);
    bed.assertInForce(FIRST);
  }

  @Test
  void aVersionThatLostPinsIsMadeAnew(Node node) throws Exception {
    SampleBed bed = new SampleBed(node);
    for (String pin : new String[] {"map-slots", "prog-pass"}) {
      bed.apply(FIRST);
      Files.delete(bed.version(FIRST).resolve(pin));
      assertThat(bed.plan(FIRST)).contains("UPDATE BPF object sample");
      bed.apply(FIRST);
      bed.assertInForce(FIRST);
      bed.ping(1, "0.1");
    }
  }

  @Test
  void aLinkThatGoesComesBackWithItsPrograms(Node node) {
    SampleBed bed = new SampleBed(node);
    bed.apply(FIRST);
    Shell.inNode(node, "ip link del " + Sampled.NEAR).orFail();
    assertThat(bed.plan(FIRST))
        .contains(
            "UPDATE BPF link xdp of near.0",
            "UPDATE BPF link tcx-ingress of near.0 by sample",
            "UPDATE BPF object sample");
    bed.apply(FIRST);
    bed.assertInForce(FIRST);
    long before = bed.seen();
    bed.ping(1, "0.1");
    assertThat(bed.seen()).isGreaterThanOrEqualTo(before + 3);
  }

  @Test
  void aLinkThatIsReplacedHasItsNewIndexInTheMaps(Node node) {
    SampleBed bed = new SampleBed(node);
    bed.apply(FIRST);
    // The far end under another name: the pair cannot be changed in place.
    Shell.in(node, "ns1", "ip link set eth0 down && ip link set eth0 name other").orFail();
    bed.apply(FIRST);
    bed.assertInForce(FIRST);
    bed.ping(1, "0.1");
  }

  @Test
  void aRefusedProgramLeavesWhatWasInForce(Node node) {
    SampleBed bed = new SampleBed(node);
    bed.apply(FIRST);
    assertThatThrownBy(() -> bed.apply(FIRST.withFile("refused")))
        .hasStackTraceContaining("load BPF object refused: EACCES")
        .hasStackTraceContaining("invalid access to packet");
    bed.assertInForce(FIRST);
    bed.ping(1, "0.1");
  }

  @Test
  void aRefusedFirstProgramLeavesNothing(Node node) {
    SampleBed bed = new SampleBed(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    assertThatThrownBy(() -> bed.apply(FIRST.withFile("refused")))
        .hasStackTraceContaining("load BPF object refused: EACCES");
    before.assertUnchanged(node);
  }

  @Test
  void whatIsHalfMadeIsSwept(Node node) throws Exception {
    SampleBed bed = new SampleBed(node);
    bed.apply(FIRST);
    Sampled next = FIRST.withRoom(2);
    for (Sampled half : new Sampled[] {next, FIRST.withRoom(3)}) {
      Path making = bed.pins().making(half.object(SampleBed.NAME).version());
      Files.createDirectories(making);
      try (BpfMap map = BpfMap.pinned(bed.version(FIRST).resolve("map-slots"))) {
        map.pin(making.resolve("map-slots"));
      }
    }
    bed.apply(next);
    bed.assertInForce(next);
  }

  @Test
  void liveStateOfAnotherShapeIsAnErrorThatSaysWhatToDo(Node node) throws Exception {
    SampleBed bed = new SampleBed(node);
    bed.apply(FIRST);
    Path live = bed.pins().live().resolve("map-seen");
    Files.delete(live);
    try (BpfMap other = BpfMap.pinned(bed.version(FIRST).resolve("map-slots"))) {
      other.pin(live);
    }
    assertThatThrownBy(() -> bed.apply(FIRST.withRoom(2)))
        .hasStackTraceContaining("BPF map seen holds live state of another shape")
        .hasStackTraceContaining("destroy the topology and apply it again");
    bed.assertInForce(FIRST);
    bed.destroy();
    bed.apply(FIRST.withRoom(2));
    bed.assertInForce(FIRST.withRoom(2));
  }
}
