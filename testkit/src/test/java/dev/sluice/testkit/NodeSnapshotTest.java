package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.node.Node;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A comparison that notices nothing would let everything pass. */
@ExtendWith(NodeExtension.class)
class NodeSnapshotTest {

  private static final String SETUP =
      """
      set -e
      ip link add near type veth peer name far
      ip addr add 192.0.2.1/24 dev near
      ip link set near up
      ip link set far up
      ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev near nud permanent
      touch $NAMES/x
      unshare --net=$NAMES/x true
      """;

  private static void run(Node node, String command) {
    Shell.inNode(
            node,
            command
                .replace("$NAMES", node.directories().names().toString())
                .replace("$PINS", node.directories().pins().toString()))
        .orFail();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip link add x type bridge",
        "ip link del near",
        "ip link set near mtu 1400",
        "ip link set near alias x",
        "ip link set near group 7",
        "ip addr add 10.0.0.1/32 dev near",
        "ip addr add 2001:db8::1/64 dev near nodad",
        "ip route add 10.0.0.0/8 dev near",
        "ip route add 10.0.0.0/8 dev near table 77",
        "ip -6 route add unreachable 2001:db8::/32 table 77",
        "ip rule add pref 1000 iif near lookup 77",
        "ip -6 rule add pref 1000 iif near lookup 77",
        "ip neigh add 192.0.2.7 lladdr 02:00:00:00:00:07 dev near nud permanent",
        "ip neigh del 192.0.2.9 dev near",
        "sysctl -q -w net.ipv4.conf.near.send_redirects=0",
        "sysctl -q -w net.ipv6.conf.all.forwarding=2",
        "touch $NAMES/y && unshare --net=$NAMES/y true",
        "mkdir -p $PINS/x",
        "umount $NAMES/x && rm $NAMES/x",
        // The old one lives on until there is the new one, which would else get its number.
        "exec 9<$NAMES/x && umount -l $NAMES/x && unshare --net=$NAMES/x true",
        "nsenter --net=$NAMES/x ip link set lo up"
      })
  void everyChangeIsNoticed(String change, Node node) {
    node.preparePins();
    run(node, SETUP);
    NodeSnapshot before = NodeSnapshot.of(node);
    run(node, change);
    assertThatThrownBy(() -> before.assertUnchanged(node)).isInstanceOf(AssertionError.class);
  }

  @Test
  void andNothingElseIs(Node node) {
    run(node, SETUP);
    NodeSnapshot before = NodeSnapshot.of(node);
    run(node, "ping -c 1 192.0.2.1; ip link add x type bridge; ip link del x");
    before.assertUnchanged(node);
  }
}
