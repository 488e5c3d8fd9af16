package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Intent.Phase;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.RolledBackException;
import dev.sluice.core.reconcile.Topologies.Status;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Steps that really fail: somebody makes, between two stages, what the next is about to make. */
@ExtendWith(NodeExtension.class)
class RollBackTest {

  private static final String INSIDE = "configuring namespaces";

  /** Does something once when a stage begins, and something else once on the way back. */
  private static final class Meddler implements Progress {
    private final String stage;
    private Runnable forth;
    private Runnable back;

    Meddler(String stage, Runnable forth, Runnable back) {
      this.stage = stage;
      this.forth = forth;
      this.back = back;
    }

    @Override
    public void stage(String what, int count) {
      if (what.equals(stage)) {
        Runnable meddling = forth;
        forth = () -> {};
        meddling.run();
      }
    }

    @Override
    public void note(String text) {
      if (text.contains("going back")) {
        Runnable meddling = back;
        back = () -> {};
        meddling.run();
      }
    }
  }

  private static Bed meddled(Node node, Runnable forth) {
    return Bed.on(node, new Meddler(INSIDE, forth, () -> {}));
  }

  private static void takeAddress(Node node, String endpoint, String address) {
    Shell.in(node, endpoint, "ip addr add " + address + " dev eth0").orFail();
  }

  @Test
  void aFirstApplyThatFailsLeavesNothingAndTellsEveryError(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Bed bed =
        meddled(
            node,
            () -> {
              takeAddress(node, "a", "10.0.1.2/24");
              takeAddress(node, "c", "fd00:0:0:2::2/64");
            });
    assertThatThrownBy(bed::apply)
        .isInstanceOf(RolledBackException.class)
        .hasMessageContaining("the node is as it was before")
        .hasMessageContaining("2 steps failed")
        .hasMessageContaining("10.0.1.2")
        .hasMessageContaining("fd00:0:0:2::2");
    before.assertUnchanged(node);
    assertThat(bed.topologies().status()).isEmpty();
    assertThat(node.directories().marks()).doesNotExist();
    bed.apply();
    bed.assertWhole();
  }

  @Test
  void aChangeThatFailsLeadsBackToTheVersionBefore(Node node) {
    Bed.on(node).apply(Bed.without("c"));
    NodeSnapshot before = NodeSnapshot.of(node);
    Bed bed = meddled(node, () -> takeAddress(node, "c", "10.0.2.2/24"));
    assertThatThrownBy(bed::apply)
        .isInstanceOf(RolledBackException.class)
        .hasMessageContaining("10.0.2.2");
    before.assertUnchanged(node);
    assertThat(bed.topologies().status())
        .singleElement()
        .matches(s -> s.phase() == Phase.APPLIED && s.endpoints() == 2 && s.drift() == 0);
    bed.assertWhole(Bed.without("c"));
  }

  @Test
  void aFailureInTheNodeItselfLeadsBackToo(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Bed bed =
        Bed.on(
            node,
            new Meddler(
                "configuring the node",
                () ->
                    Shell.inNode(node, "ip route add 10.0.1.0/24 dev lo table 1409286144").orFail(),
                () ->
                    Shell.inNode(node, "ip route del 10.0.1.0/24 dev lo table 1409286144")
                        .orFail()));
    assertThatThrownBy(bed::apply)
        .isInstanceOf(RolledBackException.class)
        .hasMessageContaining("10.0.1.0/24");
    before.assertUnchanged(node);
  }

  @Test
  void ifTheWayBackFailsTooBothAreToldAndTheNextApplyMends(Node node) {
    // Forth: c goes and b comes, which fails. Back: c comes, but its name has been taken.
    Bed.on(node).apply(Bed.without("b"));
    String name = node.published("c").toString();
    Bed bed =
        Bed.on(
            node,
            new Meddler(
                INSIDE,
                () -> takeAddress(node, "b", "10.0.1.3/24"),
                () -> Shell.inNode(node, "touch " + name).orFail()));
    assertThatThrownBy(() -> bed.apply(Bed.without("c")))
        .isInstanceOf(RolledBackException.class)
        .hasMessageContaining("10.0.1.3")
        .hasMessageContaining("the way back failed too")
        .hasMessageContaining("namespace c");
    assertThat(bed.topologies().status())
        .extracting(Status::phase)
        .doesNotContain(Phase.APPLIED)
        .hasSize(1);
    bed.node("rm " + name);
    bed.in("b", "ip addr del 10.0.1.3/24 dev eth0");
    bed.apply();
    bed.assertWhole();
    assertThat(bed.topologies().status()).extracting(Status::phase).containsExactly(Phase.APPLIED);
  }

  @Test
  void ifTheWayBackFailsTooDestroyClearsTheRest(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Bed.on(node).apply(Bed.without("b"));
    String name = node.published("c").toString();
    Bed bed =
        Bed.on(
            node,
            new Meddler(
                INSIDE,
                () -> takeAddress(node, "b", "10.0.1.3/24"),
                () -> Shell.inNode(node, "touch " + name).orFail()));
    assertThatThrownBy(() -> bed.apply(Bed.without("c"))).isInstanceOf(RolledBackException.class);
    bed.destroy();
    bed.node("rm " + name);
    before.assertUnchanged(node);
  }
}
