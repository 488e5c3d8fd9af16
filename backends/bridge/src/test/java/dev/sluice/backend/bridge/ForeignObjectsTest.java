package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.ForeignObjectException;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is not ours is refused where it stands in the way, and else left as it is. */
@ExtendWith(NodeExtension.class)
class ForeignObjectsTest {

  /** A namespace of somebody else under the name a, with things of theirs in it. */
  private static void foreignNamespace(Bed bed) {
    bed.node(
        "touch %1$s && unshare --net=%1$s ip link add theirs type veth peer name peer"
            .formatted(bed.node().published("a")));
    // The kernel gives lo 127.0.0.1 when it first goes up, and leaves it when it goes down.
    bed.in("a", "ip link set lo up && ip link set lo down");
    bed.in("a", "ip addr add 192.0.2.1/24 dev theirs && ip link set theirs up");
    bed.in("a", "ip route add 198.51.100.0/24 via 192.0.2.2 dev theirs onlink");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip link add $BRIDGE type veth peer name peer | link $BRIDGE in the node: there is a veth",
        "ip link add $PORT type bridge | link $PORT in the node: there is a bridge",
        "ip route add 10.0.1.0/24 dev lo | route 10.0.1.0/24 table 1409286144 in the node: a route to 10.0.1.0/24 in table main",
        "ip -6 route add fd00:0:0:2::/64 dev lo metric 77 | route fd00:0:0:2::/64 table 1409286144 in the node",
        "ip route add 10.0.1.64/26 dev lo | a route to 10.0.1.64/26 in table main is there already",
        "ip addr add 10.0.2.77/32 dev lo | the node has the address 10.0.2.77 in it",
        "touch $NAMES/a | namespace a: a file of that name is there that is no namespace"
      })
  void whatStandsInTheWayIsNamedAndNothingTouched(String command, String named, Node node) {
    Bed bed = Bed.on(node);
    bed.node(filled(node, command));
    NodeSnapshot before = NodeSnapshot.of(node);
    assertThatThrownBy(bed::apply)
        .isInstanceOf(ForeignObjectException.class)
        .hasMessageContaining(filled(node, named));
    before.assertUnchanged(node);
    assertThat(bed.topologies().status()).isEmpty();
  }

  @Test
  void allThatStandsInTheWayIsNamedAtOnce(Node node) {
    Bed bed = Bed.on(node);
    bed.node(filled(node, "ip link add $PORT type bridge; ip route add 10.0.1.0/24 dev lo"));
    assertThatThrownBy(bed::apply)
        .hasMessageContaining(Bed.portOfA())
        .hasMessageContaining("10.0.1.0/24");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip link add eth0 type veth peer name eth1 | link eth0 in netns a: there is a veth",
        "ip addr add 10.0.1.2/24 dev theirs | address 10.0.1.2/24 on eth0 in netns a",
        "ip route add default via 192.0.2.2 dev theirs onlink | route 0.0.0.0/0 in netns a"
      })
  void alsoInANamespaceThatIsNotOurs(String command, String named, Node node) {
    Bed bed = Bed.on(node);
    foreignNamespace(bed);
    bed.in("a", command);
    NodeSnapshot before = NodeSnapshot.of(node);
    assertThatThrownBy(bed::apply)
        .isInstanceOf(ForeignObjectException.class)
        .hasMessageContaining(named);
    before.assertUnchanged(node);
  }

  @Test
  void aNamespaceThatWasThereIsUsedAndLeftAsFound(Node node) {
    Bed bed = Bed.on(node);
    foreignNamespace(bed);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    bed.assertWhole();
    assertThat(bed.in("a", "ip -o link show lo")).contains("UP");
    bed.apply(
        Bed.TOPOLOGY.replace(
            "name: eth0, addresses: [10.0.1.2,", "name: e0, addresses: [10.0.1.2,"));
    bed.destroy();
    before.assertUnchanged(node);
  }

  @Test
  void itsLoopbackStaysUpIfItWas(Node node) {
    Bed bed = Bed.on(node);
    foreignNamespace(bed);
    bed.in("a", "ip link set lo up");
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply();
    bed.destroy();
    before.assertUnchanged(node);
  }

  @Test
  void aNamespaceThatWasThereAndIsTakenAwayMeanwhileIsMadeAndGoesAgain(Node node) {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    foreignNamespace(bed);
    bed.apply();
    bed.node(filled(node, "umount $NAMES/a && rm $NAMES/a"));
    bed.apply();
    bed.assertWhole();
    bed.destroy();
    before.assertUnchanged(node);
  }

  private static String filled(Node node, String text) {
    return text.replace("$BRIDGE", Bed.redBridge())
        .replace("$PORT", Bed.portOfA())
        .replace("$NAMES", node.directories().names().toString());
  }
}
