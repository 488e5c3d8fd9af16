package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.UnsupportedFeatureException;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.TestTopologies;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A kernel that lacks what the bridge needs is told by name, with exit status 69, before anything
 * is touched.
 */
@ExtendWith(NodeExtension.class)
class MissingFeatureTest {

  @ParameterizedTest
  @EnumSource(
      names = {"IPV6_FORCE_FORWARDING", "MACVLAN", "IPVLAN", "BPF.*", "BTF", "NETKIT"},
      mode = EnumSource.Mode.MATCH_NONE)
  void isNamedWithItsOptionAndNothingIsTouched(KernelFeature feature, Node node) {
    NodeFacts real = TestTopologies.facts();
    Set<KernelFeature> without = EnumSet.copyOf(real.features().present());
    without.remove(feature);
    NodeFacts facts =
        new NodeFacts(real.machineId(), new KernelFeatures(real.features().release(), without));
    NodeSnapshot before = NodeSnapshot.of(node);
    Topologies topologies = TestTopologies.on(node, facts, Bed.DATAPATH, Progress.silent());
    assertThatThrownBy(() -> topologies.apply(Bed.declared(Bed.TOPOLOGY)))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(feature.title())
        .hasMessageContaining(feature.configOption())
        .matches(e -> ((SluiceException) e).category().exitStatus() == 69);
    before.assertUnchanged(node);
  }
}
