package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A process that is killed in the middle, at the beginning of every stage that there is. */
@ExtendWith(NodeExtension.class)
class CrashTest {

  /** Whether it was killed; false if there is no such stage. */
  private static boolean killedAt(int stage, Node node, String yaml) throws IOException {
    try (StoppingProcess process = StoppingProcess.start(node, yaml, stage)) {
      return process.stopped();
    }
  }

  @Test
  void anApplyThatWasKilledIsFinishedByTheNext(Node node) throws IOException {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    int stage = 0;
    while (killedAt(stage, node, Bed.TOPOLOGY)) {
      bed.apply();
      bed.assertWhole();
      bed.destroy();
      before.assertUnchanged(node);
      stage++;
    }
    assertThat(stage).as("stages of a first apply").isGreaterThanOrEqualTo(3);
  }

  @Test
  void anApplyThatWasKilledIsClearedByDestroy(Node node) throws IOException {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    int stage = 0;
    while (killedAt(stage, node, Bed.TOPOLOGY)) {
      bed.destroy();
      before.assertUnchanged(node);
      stage++;
    }
    assertThat(stage).as("stages of a first apply").isGreaterThanOrEqualTo(3);
  }

  @Test
  void aChangeThatWasKilledIsFinishedOrTakenBackByTheNextApply(Node node) throws IOException {
    Bed bed = Bed.on(node);
    bed.apply(Bed.without("c"));
    String swapped = Bed.without("b");
    int stage = 0;
    while (killedAt(stage, node, swapped)) {
      String next = stage % 2 == 0 ? Bed.TOPOLOGY : Bed.without("c");
      bed.apply(next);
      assertThat(bed.topologies().plan(Bed.declared(next)).steps()).isEmpty();
      bed.apply(Bed.without("c"));
      stage++;
    }
    assertThat(stage).as("stages of a change").isGreaterThanOrEqualTo(4);
  }

  @Test
  void aDestroyThatWasKilledIsFinishedByTheNext(Node node) throws IOException {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    int stage = 0;
    while (killedAt(stage, node, "")) {
      bed.destroy();
      before.assertUnchanged(node);
      bed.apply();
      stage++;
    }
    assertThat(stage).as("stages of a destroy").isGreaterThanOrEqualTo(2);
  }

  @Test
  void whatIsHalfThereIsDestroyed(Node node) {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    String names = node.directories().names().toString();
    bed.node("ip link del " + Bed.portOfA());
    bed.node("umount " + names + "/b && rm " + names + "/b");
    bed.in("c", "ip link del eth0");
    bed.node("ip -6 addr flush dev " + Bed.redBridge());
    bed.destroy();
    before.assertUnchanged(node);
  }

  @Test
  void whatIsWhollyGoneIsDestroyed(Node node) {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    bed.node("ip link del group 21324");
    bed.node("for f in " + node.directories().names() + "/*; do umount $f && rm $f; done");
    bed.destroy();
    before.assertUnchanged(node);
  }
}
