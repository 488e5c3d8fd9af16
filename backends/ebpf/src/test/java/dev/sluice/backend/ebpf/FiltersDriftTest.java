package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.Derived;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies.Status;
import dev.sluice.testkit.FrameStream;
import dev.sluice.testkit.FrameStream.Flow;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where programs are filters: what becomes of them by hand is mended, and policy is in force. */
@ExtendWith(NodeExtension.class)
@Timeout(60)
class FiltersDriftTest {

  private static final Flow ALLOWED = FaultBed.toB(FaultBed.OPEN);
  private static final Flow DENIED = FaultBed.toB(FaultBed.CLOSED);
  private static final String AT_A = FaultBed.pair("a").near().name();

  private enum Damage {
    FILTER_DELETED {
      @Override
      void happen(FaultBed bed) {
        tc(bed, "filter del dev %s ingress".formatted(AT_A));
      }
    },
    HOOKS_DELETED {
      @Override
      void happen(FaultBed bed) {
        tc(bed, "qdisc del dev %s clsact".formatted(AT_A));
      }
    },
    /** One of ours, which lets through what comes from the node. */
    ANOTHER_PROGRAM {
      @Override
      void happen(FaultBed bed) {
        long handle = Derived.number("filter", FaultBed.NAME) & Integer.MAX_VALUE;
        tc(
            bed,
            "filter replace dev %s ingress prio 83 handle %#x bpf da object-pinned %s"
                .formatted(AT_A, handle, bed.version().resolve("prog-from_node")));
      }
    },
    PROGRAM_UNPINNED {
      @Override
      void happen(FaultBed bed) throws IOException {
        Files.delete(bed.version().resolve("prog-from_endpoint"));
      }
    };

    abstract void happen(FaultBed bed) throws IOException;
  }

  private static void tc(FaultBed bed, String words) {
    Shell.inNode(bed.node(), "tc " + words).orFail();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsDoneByHandIsMended(Damage damage, Node node) throws IOException {
    FaultBed bed = new FaultBed(node, new WithoutTcx());
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply(FaultBed.TOPOLOGY);
    bed.assertInForce(FaultBed.TOPOLOGY);
    damage.happen(bed);
    assertThat(bed.plan(FaultBed.TOPOLOGY).steps()).isNotEmpty();
    assertThat(bed.topologies().status()).extracting(Status::drift).allMatch(drift -> drift > 0);
    bed.apply(FaultBed.TOPOLOGY);
    bed.assertInForce(FaultBed.TOPOLOGY);
    try (Exchange exchange = new Exchange(bed);
        FrameStream stream = new FrameStream(bed.node(), List.of(ALLOWED, DENIED))) {
      exchange.more(5);
      stream.more(20);
      assertThat(stream.arrives(ALLOWED, stream.next())).isTrue();
      assertThat(stream.arrived(DENIED, 0)).isZero();
    }
    bed.topologies().destroy(FaultBed.NAME);
    before.assertUnchanged(node);
  }

  /** As where an old kernel's datapath is taken over: nothing is lost, nothing gets through. */
  @Test
  void anotherSortOfAttachmentTakesOver(Node node) throws IOException {
    FaultBed bed = new FaultBed(node, new WithoutTcx());
    bed.apply(FaultBed.TOPOLOGY);
    FaultBed linked = new FaultBed(node);
    try (Exchange exchange = new Exchange(bed);
        FrameStream stream = new FrameStream(bed.node(), List.of(ALLOWED, DENIED))) {
      for (int i = 0; i < 5; i++) {
        for (FaultBed next : List.of(linked, bed)) {
          exchange.more(20);
          assertThat(next.apply(FaultBed.TOPOLOGY).isEmpty()).isFalse();
          next.assertInForce(FaultBed.TOPOLOGY);
        }
      }
      stream.end();
      assertThat(exchange.sentAgain()).as("TCP segments sent again").isZero();
      assertThat(stream.arrived(ALLOWED, 0)).as("datagrams").isEqualTo(stream.next() - 1);
      assertThat(stream.arrived(DENIED, 0)).as("denied").isZero();
    }
  }
}
