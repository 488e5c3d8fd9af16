package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Part;
import dev.sluice.testkit.SteppedProcess;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A process that is killed in the middle, before any of its steps: a part of them, by {@code
 * SLUICE_CASES}.
 */
@ExtendWith(NodeExtension.class)
class CrashTest {

  private final Part part = Part.ofCases();

  private interface Check {
    void afterKill(int step);
  }

  /** There are more than {@code steps} steps. */
  private void killBeforeEachStep(Node node, String yaml, int steps, Check check)
      throws IOException {
    int step = part.number() - 1;
    while (killedBefore(step, node, yaml)) {
      check.afterKill(step);
      step += part.of();
    }
    assertThat(step).as("steps, and what a part passes over").isGreaterThanOrEqualTo(steps);
  }

  /** Whether it was killed; false if there is no such step. */
  private static boolean killedBefore(int step, Node node, String yaml) throws IOException {
    try (SteppedProcess process = SteppedProcess.start(node, Bed.DATAPATH.getClass())) {
      return process.change(yaml, step).isPresent();
    }
  }

  @Test
  void anApplyThatWasKilledIsFinishedByTheNext(Node node) throws IOException {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    killBeforeEachStep(
        node,
        Bed.TOPOLOGY,
        13,
        step -> {
          bed.apply();
          bed.assertWhole();
          bed.destroy();
          before.assertUnchanged(node);
        });
  }

  @Test
  void anApplyThatWasKilledIsClearedByDestroy(Node node) throws IOException {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    killBeforeEachStep(
        node,
        Bed.TOPOLOGY,
        13,
        step -> {
          if (!bed.topologies().status().isEmpty()) {
            bed.destroy();
          }
          before.assertUnchanged(node);
        });
  }

  @Test
  void aChangeThatWasKilledIsFinishedOrTakenBackByTheNextApply(Node node) throws IOException {
    Bed bed = Bed.on(node);
    bed.apply(Bed.without("c"));
    killBeforeEachStep(
        node,
        Bed.without("b"),
        13,
        step -> {
          String next = step / part.of() % 2 == 0 ? Bed.TOPOLOGY : Bed.without("c");
          bed.apply(next);
          assertThat(bed.topologies().plan(Bed.declared(next)).steps()).isEmpty();
          bed.apply(Bed.without("c"));
        });
  }

  @Test
  void aDestroyThatWasKilledIsFinishedByTheNext(Node node) throws IOException {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    killBeforeEachStep(
        node,
        "",
        7,
        step -> {
          if (!bed.topologies().status().isEmpty()) {
            bed.destroy();
          }
          before.assertUnchanged(node);
          bed.apply();
        });
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
