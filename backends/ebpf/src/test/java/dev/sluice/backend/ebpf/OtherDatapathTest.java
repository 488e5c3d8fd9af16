package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.TestTopologies;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A topology that runs on one datapath is not applied to another. */
@ExtendWith(NodeExtension.class)
class OtherDatapathTest {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: moved}
      spec:
        networks: [{name: red, subnets: [10.0.1.0/24]}]
        endpoints: [{name: a, netns: a, interfaces: [{network: red, name: eth0}]}]
      """;

  /** The same under another name. */
  private static final class Renamed implements Datapath {
    private final EbpfDatapath same = new EbpfDatapath();

    @Override
    public String name() {
      return "other";
    }

    @Override
    public String summary() {
      return same.summary();
    }

    @Override
    public Support support(KernelFeatures features) {
      return same.support(features);
    }

    @Override
    public KernelState render(DesiredState desired) {
      return same.render(desired);
    }
  }

  @Test
  void isRefusedAndNothingIsTouched(Node node) {
    Datapath ebpf = new EbpfDatapath();
    TestTopologies.on(node, ebpf).apply(TestTopologies.declared(ebpf, TOPOLOGY));
    NodeSnapshot before = NodeSnapshot.of(node);
    Datapath other = new Renamed();
    assertThatThrownBy(
            () -> TestTopologies.on(node, other).apply(TestTopologies.declared(other, TOPOLOGY)))
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "moved runs on the ebpf datapath, and cannot be moved to other while it runs; first:"
                + " sluice destroy moved");
    before.assertUnchanged(node);
  }
}
