package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.lib.BpfLoadException;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Intent;
import dev.sluice.core.reconcile.RolledBackException;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.FrameStream;
import dev.sluice.testkit.FrameStream.Flow;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.TestTopologies;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The verifier refuses a program: its log is told, what was in force before still is. */
@ExtendWith(NodeExtension.class)
@Timeout(60)
class RefusedProgramTest {

  private static final Flow ALLOWED = FaultBed.toB(FaultBed.OPEN);
  private static final Flow DENIED = FaultBed.toB(FaultBed.CLOSED);

  /** The eBPF datapath, but for a program that reads past what it has checked, in one topology. */
  private static final class Spoiled implements Datapath {
    private final Datapath ebpf = new EbpfDatapath();
    private final BpfObject spoiled;

    Spoiled(String yaml) {
      this.spoiled = FaultBed.object(yaml);
    }

    @Override
    public String name() {
      return ebpf.name();
    }

    @Override
    public String summary() {
      return ebpf.summary();
    }

    @Override
    public Support support(KernelFeatures features) {
      return ebpf.support(features);
    }

    @Override
    public KernelState render(DesiredState desired) {
      KernelState whole = ebpf.render(desired);
      Optional<KernelObject> object = whole.get(spoiled.key());
      if (!object.map(o -> ports((BpfObject) o)).equals(Optional.of(ports(spoiled)))) {
        return whole;
      }
      BpfObject refused = BpfObject.of(spoiled.name(), "refused", List.of());
      return KernelState.of(
          spoiled.name(), whole.objects().stream().map(o -> spoiled(o, refused)).toList());
    }

    /** The values of other maps are also of the time at which the topology was applied. */
    private static List<MapContent> ports(BpfObject object) {
      return object.maps().stream().filter(m -> m.map().equals("ports")).toList();
    }

    private static KernelObject spoiled(KernelObject object, BpfObject refused) {
      if (object instanceof BpfLink link) {
        return BpfLink.of(refused, "unchecked", link.link(), link.hook());
      }
      return object instanceof BpfObject ? refused : object;
    }
  }

  private static Optional<BpfLoadException> refusal(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof BpfLoadException refused) {
        return Optional.of(refused);
      }
    }
    return Optional.empty();
  }

  private static void assertIsRefused(Node node, String yaml) {
    Datapath spoiled = new Spoiled(yaml);
    Topologies topologies = TestTopologies.on(node, spoiled);
    assertThatThrownBy(() -> topologies.apply(TestTopologies.declared(spoiled, yaml)))
        .isInstanceOf(RolledBackException.class)
        .hasMessageContaining("the node is as it was before")
        .hasMessageContaining("invalid access to packet")
        .satisfies(
            e ->
                assertThat(refusal(e))
                    .get()
                    .matches(r -> r.category() == SluiceException.Category.INTERNAL)
                    .matches(r -> r.log().contains("invalid access to packet"))
                    .matches(r -> r.getMessage().contains("the verifier's log ends:")));
  }

  @Test
  void aFirstApplyLeavesNothing(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    assertIsRefused(node, FaultBed.TOPOLOGY);
    before.assertUnchanged(node);
    assertThat(node.directories().pins()).doesNotExist();
  }

  @Test
  void aChangeLeavesThePreviousProgramsInForce(Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    bed.apply(FaultBed.TOPOLOGY);
    try (Exchange exchange = new Exchange(bed);
        FrameStream stream = new FrameStream(node, List.of(ALLOWED, DENIED))) {
      exchange.more(20);
      assertIsRefused(node, FaultBed.yaml(5));
      exchange.more(20);
      stream.end();
      assertThat(exchange.sentAgain()).as("TCP segments sent again").isZero();
      assertThat(stream.arrived(ALLOWED, 0)).isEqualTo(stream.next() - 1);
      assertThat(stream.arrived(DENIED, 0)).isZero();
    }
    bed.assertInForce(FaultBed.TOPOLOGY);
    assertThat(bed.topologies().status())
        .singleElement()
        .matches(s -> s.phase() == Intent.Phase.APPLIED);
    bed.apply(FaultBed.yaml(5));
    bed.assertInForce(FaultBed.yaml(5));
  }
}
