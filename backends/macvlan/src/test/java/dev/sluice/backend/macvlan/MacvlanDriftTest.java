package dev.sluice.backend.macvlan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfMap.Element;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.testkit.DriftBed;
import dev.sluice.testkit.FrameStream;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.Wire;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody changes by hand is seen, and mended by another apply, at no cost to others. */
@ExtendWith(NodeExtension.class)
@Timeout(60)
class MacvlanDriftTest {

  /** Where the parent of eth0 is, for ip-link(8). */
  private static final String ON_PARENT =
      "ON_PARENT=$(ip -o link show eth0"
          + " | sed 's/.*@\\(if[0-9]*\\):.*\\( link-netnsid [0-9]*\\).*/link \\1\\2/')\n";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip link set eth0 address 02:00:00:00:00:99",
        "ip link set eth0 mtu 1400",
        "ip link set eth0 down",
        "ip link set eth0 down && ip link set eth0 name other && ip link set other up",
        "ip link set eth0 netns $NAMES/c name other",
        "ip link del eth0",
        "ip addr flush dev eth0",
        "ip link del eth0 && ip link add eth0 $ON_PARENT type macvlan mode passthru",
        "ip link del eth0 && ip link add eth0 $ON_PARENT type macvlan mode vepa",
        "ip link del eth0 && ip link add eth0 $ON_PARENT type macvlan mode source",
        "ip link del eth0 && ip link add m1 $ON_PARENT type macvlan mode bridge"
      })
  void whatIsChangedInAnEndpointIsMended(String damage, Node node) {
    DriftBed bed = MacvlanBed.on(node);
    bed.assertMendedWithoutLoss(
        () ->
            Shell.in(
                    node,
                    "a",
                    ON_PARENT + damage.replace("$NAMES", node.directories().names().toString()))
                .orFail());
  }

  /** What the node sends was judged for who has the address, and gets to that one alone. */
  @Test
  void aWrongNeighbourEntryOfTheNodeLeadsToNobodyElse(Node node) {
    DriftBed bed = MacvlanBed.on(node);
    bed.apply();
    String gateway = Shell.inNode(node, "ip -o route get 10.0.1.2").orFail();
    try (Wire other = Wire.on(node, NetnsRef.named("b"), "eth0")) {
      Shell.inNode(
              node,
              "ip neigh replace 10.0.1.2 lladdr %s nud permanent dev %s"
                  .formatted(DriftBed.mac("b"), gateway.replaceAll("(?s).* dev (\\S+).*", "$1")))
          .orFail();
      Shell.inNode(node, "ping -n -c 1 -W 2 10.0.1.2").orFail();
      assertThat(
              other.await(
                  f -> f.payload() instanceof Ipv4 v4 && v4.payload() instanceof Icmp,
                  Duration.ofMillis(300)))
          .isEmpty();
    }
    bed.assertSeen();
    bed.apply();
    bed.assertInForce();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip link set $PARENT down",
        "ip link set $PARENT mtu 1400",
        "ip link set $PARENT address 02:00:00:00:00:99",
        "ip link set $BEYOND down",
        "ip link del $PARENT"
      })
  void whatIsChangedOfAParentIsMended(String damage, Node node) {
    DriftBed bed = MacvlanBed.on(node);
    bed.assertMendedWithoutLoss(
        () ->
            Shell.inNode(
                    node,
                    damage
                        .replace("$PARENT", MacvlanBed.parent("a"))
                        .replace("$BEYOND", MacvlanBed.beyond("a")))
                .orFail());
  }

  @ParameterizedTest
  @CsvSource({"true, tcx-egress", "true, tcx-ingress", "false, tcx-egress", "false, tcx-ingress"})
  void anAttachmentAtAParentIsMended(boolean detached, String hook, Node node) {
    DriftBed bed = MacvlanBed.on(node);
    bed.assertMendedWithoutLoss(
        () -> {
          if (detached) {
            try (BpfAttachment at = BpfAttachment.pinned(bed.pin(MacvlanBed.parent("a"), hook))) {
              at.detach();
            }
          } else {
            Files.delete(bed.pin(MacvlanBed.parent("a"), hook));
          }
        });
  }

  private enum Damage {
    SENDER_SPOILT {
      @Override
      void happen(DriftBed bed) {
        try (BpfMap map = MacvlanBed.map(bed, "links")) {
          Element first = map.dump().get(0);
          byte[] other = first.value();
          other[0] ^= 0x55;
          map.update(first.key(), other);
        }
      }
    },
    SENDERS_SWAPPED {
      @Override
      void happen(DriftBed bed) {
        try (BpfMap map = MacvlanBed.map(bed, "links")) {
          List<Element> all = map.dump();
          map.update(all.get(0).key(), all.get(1).value());
          map.update(all.get(1).key(), all.get(0).value());
        }
      }
    },
    SENDERS_DELETED {
      @Override
      void happen(DriftBed bed) {
        try (BpfMap map = MacvlanBed.map(bed, "links")) {
          map.deleteAll(map.elements().keys());
        }
      }
    },
    SENDER_ADDED {
      @Override
      void happen(DriftBed bed) {
        try (BpfMap map = MacvlanBed.map(bed, "links")) {
          Element first = map.dump().get(0);
          byte[] other = first.key();
          other[0] ^= 0x55;
          map.update(other, first.value());
        }
      }
    };

    abstract void happen(DriftBed bed);
  }

  @ParameterizedTest
  @EnumSource
  void whatTellsSendersIsMended(Damage damage, Node node) {
    DriftBed bed = MacvlanBed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    damage.happen(bed);
    bed.assertSeen();
    bed.apply();
    bed.assertInForce();
    try (FrameStream stream = new FrameStream(node, List.of(DriftBed.ALLOWED, DriftBed.DENIED))) {
      DriftBed.assertHolds(stream);
    }
    bed.topologies().destroy(DriftBed.NAME);
    before.assertUnchanged(node);
  }
}
