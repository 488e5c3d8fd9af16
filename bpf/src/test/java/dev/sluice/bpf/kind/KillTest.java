package dev.sluice.bpf.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.kind.Phase;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.TestTopologies;
import java.io.IOException;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Killed once a version is loaded but not attached, and once it is attached but not all is swept.
 */
@ExtendWith(NodeExtension.class)
class KillTest {

  private static final Sampled FIRST = Sampled.first();

  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      names = {"FILTER_LAST", "NEIGHBOUR"})
  void whatAKilledProcessLeftIsFinishedSweptOrDestroyed(Phase phase, Node node) throws IOException {
    assertTakenUp(phase, new SampleBed(node));
  }

  @ParameterizedTest
  @EnumSource(
      value = Phase.class,
      names = {"FILTER_LAST", "NEIGHBOUR"})
  void soItIsWhereProgramsAreFilters(Phase phase, Node node) throws IOException {
    assertTakenUp(phase, new SampleBed(node, TestTopologies.factsWithout(KernelFeature.BPF_TCX)));
  }

  private static void assertTakenUp(Phase phase, SampleBed bed) throws IOException {
    Node node = bed.node();
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply(FIRST);
    bed.ping(1, "0.1");
    long seen = bed.seen();

    KilledProcess.apply(bed, 2, phase);
    assertThat(bed.pins().versions()).hasSize(2);
    bed.ping(1, "0.1");
    assertThat(bed.seen()).as("the programs go on").isGreaterThanOrEqualTo(seen + 3);

    bed.apply(FIRST.withRoom(2));
    bed.assertInForce(FIRST.withRoom(2));

    KilledProcess.apply(bed, 3, phase);
    bed.apply(FIRST.withRoom(4));
    bed.assertInForce(FIRST.withRoom(4));
    assertThat(bed.seen()).as("live state is kept").isGreaterThanOrEqualTo(seen + 3);

    KilledProcess.apply(bed, 5, phase);
    bed.destroy();
    before.assertUnchanged(node);
  }
}
