package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.ForeignObjectException;
import dev.sluice.core.reconcile.Topologies.Status;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody changes by hand is seen, and mended by another apply. */
@ExtendWith(NodeExtension.class)
class DriftTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip link del $BRIDGE",
        "ip link set $BRIDGE down",
        "ip link set $BRIDGE mtu 1400",
        // Below 1280 bytes the kernel takes IPv6 off the link, with all its settings.
        "ip link set $BRIDGE mtu 1000",
        "ip link set $BRIDGE address 02:00:00:00:00:99",
        "ip link set $BRIDGE alias somebody-else",
        "ip addr del 10.0.1.1/24 dev $BRIDGE",
        "ip addr del fd00:0:0:1::1/64 dev $BRIDGE",
        "ip addr flush dev $BRIDGE",
        "sysctl -q -w net.ipv4.conf.$BRIDGE.forwarding=0",
        "sysctl -q -w net.ipv6.conf.$BRIDGE.accept_ra=1",
        "ip neigh del 10.0.1.2 dev $BRIDGE",
        "ip neigh replace fd00:0:0:1::2 lladdr 02:00:00:00:00:99 dev $BRIDGE",
        "ip route del 10.0.1.0/24 table 1409286144",
        "ip -6 route del fd00:0:0:1::/64 table 1409286144",
        "ip rule del pref 5200 iif $BRIDGE",
        "ip -6 rule del pref 5200 iif $BRIDGE",
        "ip rule flush && ip rule add pref 32766 lookup main && ip rule add pref 32767 lookup default",
        "ip link del $PORT",
        "ip link set $PORT down",
        "ip link set $PORT mtu 1400",
        "ip link set $PORT nomaster",
        "ip link set $PORT alias somebody-else",
        "umount $NAMES/a && rm $NAMES/a",
        "umount $NAMES/a",
        "nft flush ruleset",
        "nft delete table netdev sluice-bed",
        "nft insert rule netdev sluice-bed rejected accept",
        "nft flush chain netdev sluice-bed $PORT",
        "nft flush set netdev sluice-bed hosts/red/v6",
        "ip link del $PORT; nft add table inet somebody-elses; nft delete table inet somebody-elses",
        "ip link del $BRIDGE; ip link del $PORT; umount $NAMES/a $NAMES/c && rm $NAMES/a"
      })
  void whatIsChangedInTheNodeIsMended(String damage, Node node) {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    bed.node(filled(node, damage));
    assertMended(bed, before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip link del eth0",
        "ip link set eth0 down",
        "ip link set eth0 mtu 1400",
        "ip link set eth0 mtu 1000",
        "ip link set eth0 address 02:00:00:00:00:99",
        "ip link set eth0 down && ip link set eth0 name other && ip link set other up",
        "ip link set eth0 netns $NAMES/c name other",
        "ip addr del 10.0.1.2/24 dev eth0",
        "ip addr del fd00:0:0:1::2/64 dev eth0",
        "ip addr flush dev eth0",
        "ip route del default",
        "ip -6 route del default",
        "ip route del 10.0.1.0/24",
        "ip link set lo down"
      })
  void whatIsChangedInAnEndpointIsMended(String damage, Node node) {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    bed.in("a", filled(node, damage));
    assertMended(bed, before);
  }

  private static String filled(Node node, String damage) {
    return damage
        .replace("$BRIDGE", Bed.redBridge())
        .replace("$PORT", Bed.portOfA())
        .replace("$NAMES", node.directories().names().toString());
  }

  private static void assertMended(Bed bed, NodeSnapshot before) {
    assertThat(bed.topologies().plan(Bed.declared(Bed.TOPOLOGY)).steps()).isNotEmpty();
    assertThat(bed.topologies().status()).extracting(Status::drift).allMatch(drift -> drift > 0);
    bed.apply();
    bed.assertWhole();
    bed.destroy();
    before.assertUnchanged(bed.node());
  }

  /** The ruleset has another generation then, and is compared. */
  @Test
  void tablesOfOthersAreNoDrift(Node node) {
    Bed bed = Bed.on(node);
    bed.apply();
    bed.node("nft add table inet somebody-elses");
    bed.assertWhole();
    bed.destroy();
    assertThat(Shell.inNode(node, "nft list tables").orFail().strip())
        .isEqualTo("table inet somebody-elses");
  }

  @Test
  void aForgottenRulesetIsComparedWithWhatIsWanted(Node node) throws IOException {
    Bed bed = Bed.on(node);
    bed.apply();
    Files.delete(node.directories().state().resolve("ruleset.json"));
    bed.assertWhole();
  }

  @Test
  void aNameThatWasTakenAwayIsGivenBackToTheSameNamespace(Node node) {
    Bed bed = Bed.on(node);
    bed.apply();
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.node(filled(node, "umount $NAMES/a && rm $NAMES/a"));
    bed.apply();
    before.assertUnchanged(node);
  }

  @Test
  void aNamespaceThatTookTheNameOfOursIsAStranger(Node node) {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    bed.node(filled(node, "umount $NAMES/a && unshare --net=$NAMES/a true"));
    assertThatThrownBy(bed::apply)
        .isInstanceOf(ForeignObjectException.class)
        .hasMessageContaining("namespace a");
    bed.destroy();
    // The stranger's is left, our own is gone with its mark.
    assertThat(Shell.in(node, "a", "ip -o link show").orFail()).doesNotContain("eth0");
    bed.node(filled(node, "umount $NAMES/a && rm $NAMES/a"));
    before.assertUnchanged(node);
  }

  @Test
  void aStrangersLinkUnderTheNameOfOursIsRefusedBeforeTheFirstStep(Node node) {
    Bed bed = Bed.on(node);
    bed.apply();
    bed.in("a", "ip link set eth0 down && ip link set eth0 name other");
    bed.in("a", "ip link add eth0 type veth peer name peer");
    NodeSnapshot before = NodeSnapshot.of(node);
    assertThatThrownBy(bed::apply)
        .isInstanceOf(ForeignObjectException.class)
        .hasMessageContaining("link eth0 in netns a");
    before.assertUnchanged(node);
    bed.in("a", "ip link del eth0");
    bed.apply();
    bed.assertWhole();
  }

  @Test
  void aLinkThatLostOurMarkIsAStranger(Node node) {
    Bed bed = Bed.on(node);
    bed.apply();
    bed.node("ip link set " + Bed.redBridge() + " group 0");
    assertThatThrownBy(bed::apply)
        .isInstanceOf(ForeignObjectException.class)
        .hasMessageContaining(Bed.redBridge());
    bed.node("ip link set " + Bed.redBridge() + " group 21324");
    bed.apply();
    bed.assertWhole();
  }

  @Test
  void whatOthersAddIsLeftAlone(Node node) {
    Bed bed = Bed.on(node);
    bed.apply();
    bed.node(
        filled(
            node,
            """
            set -e
            ip addr add 10.77.0.1/24 dev $BRIDGE
            ip route add 10.78.0.0/24 via 10.77.0.2 dev $BRIDGE
            ip route add 10.0.1.128/25 dev $BRIDGE
            ip neigh add 10.0.1.77 lladdr 02:00:00:00:00:77 dev $BRIDGE
            ip rule add pref 4000 to 10.79.0.0/24 lookup 99
            """));
    bed.in("a", "ip link add theirs type veth peer name peer; ip addr add 10.0.1.99/32 dev eth0");
    bed.apply();
    bed.apply(Bed.without("c"));
    bed.apply();
    assertThat(Shell.inNode(node, "ip addr; ip route; ip neigh; ip rule").orFail())
        .contains("10.77.0.1/24", "10.78.0.0/24", "10.0.1.128/25", "10.0.1.77", "10.79.0.0/24");
    assertThat(bed.in("a", "ip addr")).contains("theirs", "10.0.1.99/32");
    bed.destroy();
    assertThat(Shell.inNode(node, "ip rule").orFail()).contains("10.79.0.0/24");
  }

  @Test
  void aStrangersLinkOnOurBridgeSurvivesIt(Node node) {
    Bed bed = Bed.on(node);
    bed.apply();
    bed.node(
        "ip link add theirs type veth peer name peer && ip addr add 10.77.0.1/24 dev peer"
            + " && ip link set peer up && ip link set theirs up master "
            + Bed.redBridge());
    bed.apply();
    bed.assertWhole();
    bed.destroy();
    assertThat(Shell.inNode(node, "ip -o link; ip -o addr").orFail())
        .contains("theirs", "10.77.0.1/24")
        .doesNotContain(Bed.redBridge());
  }
}
