package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.netlink.codec.AttributeNames;
import dev.sluice.core.netlink.codec.AttributeWriter;
import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies.Status;
import dev.sluice.testkit.FrameStream;
import dev.sluice.testkit.FrameStream.Flow;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.TestTopologies;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What somebody changes by hand of an endpoint's pair of links, whichever kind this kernel has, is
 * seen, and mended by another apply.
 */
@ExtendWith(NodeExtension.class)
@Tag("kernels")
@Tag("ebpf")
@Timeout(600)
class PairDriftTest {

  private static final Flow ALLOWED = FaultBed.toB(FaultBed.OPEN);
  private static final Flow DENIED = FaultBed.toB(FaultBed.CLOSED);

  private static final int RTM_NEWLINK = 16;
  private static final int IFLA_IFNAME = 3;
  private static final int IFLA_LINKINFO = 18;
  private static final int IFLA_INFO_KIND = 1;
  private static final int IFLA_INFO_DATA = 2;
  private static final int IFLA_NETKIT_POLICY = 3;
  private static final int IFLA_NETKIT_PEER_POLICY = 4;
  private static final int NETKIT_PASS = 0;

  private enum Change {
    NEAR_END_SMALLER {
      @Override
      void happen(FaultBed bed) {
        Shell.inNode(bed.node(), "ip link set %s mtu 1400".formatted(near("a"))).orFail();
      }
    },
    NEAR_END_DOWN {
      @Override
      void happen(FaultBed bed) {
        Shell.inNode(bed.node(), "ip link set %s down".formatted(near("a"))).orFail();
      }
    },
    DELETED {
      @Override
      void happen(FaultBed bed) {
        Shell.inNode(bed.node(), "ip link del %s".formatted(near("b"))).orFail();
      }
    },
    /** What no program decides on would pass; as long as there are programs, all is as before. */
    NETKIT_OPENED {
      @Override
      void happen(FaultBed bed) {
        bed.node().netns().run(() -> open(near("a")));
      }
    },
    /** A pair that nobody watches lets nothing pass, on either way. */
    NETKIT_SENDER_DETACHED {
      @Override
      void happen(FaultBed bed) throws IOException {
        detach(bed, "a", "from_endpoint");
        assertNothingArrives(bed);
      }
    },
    NETKIT_RECEIVER_DETACHED {
      @Override
      void happen(FaultBed bed) throws IOException {
        detach(bed, "b", "to_endpoint");
        assertNothingArrives(bed);
      }
    };

    abstract void happen(FaultBed bed) throws IOException;
  }

  static Stream<Change> changes() {
    boolean netkit = TestTopologies.facts().features().has(KernelFeature.NETKIT);
    return Stream.of(Change.values()).filter(c -> netkit || !c.name().startsWith("NETKIT"));
  }

  private static String near(String endpoint) {
    return FaultBed.pair(endpoint).near().name();
  }

  private static void detach(FaultBed bed, String endpoint, String program) {
    try (BpfAttachment attachment = BpfAttachment.pinned(bed.pin(endpoint, program))) {
      attachment.detach();
    }
  }

  /** What only a newer ip(8) can do: ip link set NAME type netkit forward peer forward. */
  private static void open(String primary) {
    AttributeWriter out =
        new AttributeWriter()
            .header32(0)
            .header32(0)
            .header32(0)
            .header32(0)
            .string(IFLA_IFNAME, primary)
            .nested(
                IFLA_LINKINFO,
                info ->
                    info.string(IFLA_INFO_KIND, "netkit")
                        .nested(
                            IFLA_INFO_DATA,
                            data ->
                                data.u32(IFLA_NETKIT_POLICY, NETKIT_PASS)
                                    .u32(IFLA_NETKIT_PEER_POLICY, NETKIT_PASS)));
    try (RouteSocket route = RouteSocket.open()) {
      route.executeAll(
          new Request(
              RTM_NEWLINK,
              0,
              ByteView.of(out.toBytes()),
              new Request.Layout(16, AttributeNames.of("IFLA_")),
              true,
              "open netkit",
              primary));
    }
  }

  private static void assertNothingArrives(FaultBed bed) throws IOException {
    try (FrameStream stream = new FrameStream(bed.node(), List.of(ALLOWED, DENIED))) {
      stream.more(20);
      assertThat(stream.arrived(ALLOWED, 0)).isZero();
      assertThat(stream.arrived(DENIED, 0)).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("changes")
  void isSeenAndMended(Change change, Node node) throws IOException {
    FaultBed bed = new FaultBed(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply(FaultBed.TOPOLOGY);
    change.happen(bed);
    assertThat(bed.plan(FaultBed.TOPOLOGY).steps()).isNotEmpty();
    assertThat(bed.topologies().status()).extracting(Status::drift).allMatch(drift -> drift > 0);
    bed.apply(FaultBed.TOPOLOGY);
    bed.assertInForce(FaultBed.TOPOLOGY);
    try (FrameStream stream = new FrameStream(bed.node(), List.of(ALLOWED, DENIED))) {
      stream.more(20);
      assertThat(stream.arrives(ALLOWED, stream.next())).isTrue();
      assertThat(stream.arrived(DENIED, 0)).isZero();
    }
    bed.topologies().destroy(FaultBed.NAME);
    before.assertUnchanged(node);
  }
}
