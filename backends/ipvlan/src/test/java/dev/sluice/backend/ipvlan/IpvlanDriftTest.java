package dev.sluice.backend.ipvlan;

import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.core.kernel.Ipvlan;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.node.Node;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.testkit.DriftBed;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Part;
import dev.sluice.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody changes by hand is seen, and mended by another apply, at no cost to others. */
@ExtendWith(NodeExtension.class)
@Tag("kernels")
@Tag("ipvlan")
@Timeout(600)
class IpvlanDriftTest {

  private enum Place {
    ENDPOINT,
    HIDDEN,
    NODE
  }

  /** Commands, in a place; {@code NAMES}, {@code HIDDEN} and {@code NEAR} are what is meant. */
  private record Damage(Place place, String commands) {

    void happen(Node node) {
      String filled =
          commands
              .replace("NAMES", node.directories().names().toString())
              .replace("HIDDEN", hidden().name().orElseThrow())
              .replace("NEAR", near());
      Shell.in(
              node,
              switch (place) {
                case ENDPOINT -> NetnsRef.named("a");
                case HIDDEN -> hidden();
                case NODE -> NetnsRef.NODE;
              },
              filled)
          .orFail();
    }

    @Override
    public String toString() {
      return place + ": " + commands;
    }
  }

  private static final List<Damage> DAMAGES =
      List.of(
          new Damage(Place.ENDPOINT, "ip link set eth0 type ipvlan mode l3"),
          new Damage(Place.ENDPOINT, "ip link set eth0 type ipvlan mode l3s"),
          new Damage(Place.ENDPOINT, "ip link set eth0 type ipvlan mode l2 bridge"),
          new Damage(Place.ENDPOINT, "ip link set eth0 type ipvlan mode l2 private"),
          new Damage(Place.ENDPOINT, "ip link set eth0 mtu 1400"),
          new Damage(Place.ENDPOINT, "ip link set eth0 down"),
          new Damage(
              Place.ENDPOINT,
              "ip link set eth0 down && ip link set eth0 name other && ip link set other up"),
          new Damage(Place.ENDPOINT, "ip link set eth0 netns NAMES/c name other"),
          new Damage(Place.ENDPOINT, "ip link del eth0"),
          new Damage(Place.ENDPOINT, "ip addr flush dev eth0"),
          new Damage(Place.ENDPOINT, "ip addr del 10.0.1.2/24 dev eth0"),
          new Damage(Place.ENDPOINT, "ip route del default"),
          new Damage(
              Place.ENDPOINT, "ip link add i1 link eth0 type ipvlan mode l2 && ip link del eth0"),
          new Damage(
              Place.ENDPOINT,
              "ip link add i1 link eth0 type ipvlan && ip link del eth0 && ip link set i1 name"
                  + " eth0"),
          new Damage(Place.HIDDEN, "ip link set parent down"),
          new Damage(Place.HIDDEN, "ip link set parent mtu 1400"),
          new Damage(Place.HIDDEN, "ip link set parent address 02:00:00:00:00:99"),
          new Damage(Place.HIDDEN, "ip link del parent"),
          new Damage(Place.HIDDEN, "sysctl -qw net.ipv4.conf.parent.forwarding=1"),
          new Damage(Place.NODE, "ip link set NEAR down"),
          new Damage(Place.NODE, "ip link set NEAR mtu 1400"),
          new Damage(Place.NODE, "ip link del NEAR"),
          new Damage(Place.NODE, "umount NAMES/HIDDEN"),
          new Damage(Place.NODE, "umount NAMES/HIDDEN && rm NAMES/HIDDEN"));

  /** In L3 modes the parent's namespace has ways of its own. */
  static final List<Damage> DAMAGES_TO_WAYS =
      List.of(
          new Damage(Place.ENDPOINT, "ip link set eth0 type ipvlan mode l2"),
          new Damage(Place.HIDDEN, "ip route del default"),
          new Damage(Place.HIDDEN, "ip -6 route flush table main"),
          new Damage(Place.HIDDEN, "ip neigh flush dev parent nud permanent"));

  private static Ipvlan ipvlan() {
    return DriftBed.rendered(new IpvlanDatapath(), Ipvlan.class)
        .filter(i -> i.netns().equals(NetnsRef.named("a")))
        .findFirst()
        .orElseThrow();
  }

  /** Where the parent of a's interface is. */
  private static NetnsRef hidden() {
    return ipvlan().parentNetns();
  }

  /** The end in the node of the pair whose other end is that parent. */
  private static String near() {
    return DriftBed.rendered(new IpvlanDatapath(), VethPair.class)
        .filter(pair -> pair.farNetns().equals(hidden()))
        .findFirst()
        .orElseThrow()
        .near()
        .name();
  }

  static Stream<Damage> damages() {
    return Part.ofSlice().drawn(DAMAGES);
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("damages")
  void whatIsChangedIsMended(Damage damage, Node node) {
    new DriftBed(node, new IpvlanDatapath()).assertMendedWithoutLoss(() -> damage.happen(node));
  }

  @Tag("sliced")
  @ParameterizedTest
  @FieldSource("DAMAGES_TO_WAYS")
  void whatIsChangedOfTheParentsWaysIsMended(Damage damage, Node node) {
    DriftBed bed = new DriftBed(node, new IpvlanDatapath(IpvlanMode.L3));
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    damage.happen(node);
    bed.assertSeen();
    bed.apply();
    bed.assertInForce();
    bed.topologies().destroy(DriftBed.NAME);
    before.assertUnchanged(node);
  }

  @Tag("sliced")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theProgramIsAttachedAgain(boolean detached, Node node) {
    DriftBed bed = new DriftBed(node, new IpvlanDatapath());
    bed.assertMendedWithoutLoss(() -> takeOff(bed, detached));
  }

  private static void takeOff(DriftBed bed, boolean detached) throws IOException {
    if (detached) {
      try (BpfAttachment at = BpfAttachment.pinned(bed.pin(near(), "tcx-ingress"))) {
        at.detach();
      }
    } else {
      Files.delete(bed.pin(near(), "tcx-ingress"));
    }
  }
}
