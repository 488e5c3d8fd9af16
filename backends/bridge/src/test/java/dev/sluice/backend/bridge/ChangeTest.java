package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A running topology is changed in place. With an IPv4 address the kernel takes away what depends
 * on it, which is nothing that a plan made before can know.
 */
@ExtendWith(NodeExtension.class)
class ChangeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "an address | 10.0.1.2, | 10.0.1.9,",
        "an address of either family | 10.0.1.2, \"fd00:0:0:1::2\" | 10.0.1.8, \"fd00:0:0:1::8\"",
        "a further address | 10.0.1.2, | 10.0.1.2, 10.0.1.7,",
        "a gateway | name: red, | name: red, gateway: [10.0.1.254, \"fd00:0:0:1::fe\"],",
        "an MTU | name: red, | name: red, mtu: 1400,"
      })
  void whatTheFileChangesTheNodeChanges(String what, String from, String to, Node node) {
    Bed bed = Bed.on(node);
    bed.apply();
    String changed = Bed.TOPOLOGY.replace(from, to);
    assertThat(changed).as(what).isNotEqualTo(Bed.TOPOLOGY);
    bed.apply(changed);
    assertReachable(bed, changed, "10.0.1.3", "10.0.2.2", "fd00:0:0:1::3", "fd00:0:0:2::2");
    bed.apply();
    bed.assertWhole();
  }

  @Test
  void aSubnetMayBeRenumbered(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Bed bed = Bed.on(node);
    bed.apply();
    String renumbered = Bed.TOPOLOGY.replace("10.0.1.", "10.7.7.").replace(":0:1::", ":7:7::");
    bed.apply(renumbered);
    assertReachable(bed, renumbered, "10.7.7.3", "10.0.2.2", "fd00:0:7:7::3", "fd00:0:0:2::2");
    bed.apply();
    bed.assertWhole();
    bed.destroy();
    before.assertUnchanged(node);
  }

  @Test
  void theFirstOfTwoAddressesMayGo(Node node) {
    Bed bed = Bed.on(node);
    bed.apply(Bed.TOPOLOGY.replace("10.0.1.2,", "10.0.1.2, 10.0.1.7,"));
    String second = Bed.TOPOLOGY.replace("10.0.1.2,", "10.0.1.7,");
    bed.apply(second);
    assertReachable(bed, second, "10.0.1.3", "10.0.2.2");
  }

  @Test
  void aNetworkMayLoseAFamilyAndGetItBack(Node node) {
    Bed bed = Bed.on(node);
    bed.apply();
    String v4 =
        Bed.TOPOLOGY
            .replace(", \"fd00:0:0:1::/64\"", "")
            .replace(", \"fd00:0:0:1::2\"", "")
            .replace(", \"fd00:0:0:1::3\"", "");
    bed.apply(v4);
    assertReachable(bed, v4, "10.0.1.3", "10.0.2.2");
    assertThat(bed.in("a", "ip -6 addr show dev eth0")).isEmpty();
    bed.apply();
    bed.assertWhole();
  }

  /**
   * Whatever a workload writes in its own namespace, with our mark too: the topology goes on, and
   * can be changed.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip route add 10.0.9.0/24 dev eth0 proto 83 metric 77",
        "ip route add default via 10.0.1.1 dev eth0 proto 83 metric 50",
        "ip route add blackhole 10.0.3.0/24 proto 83",
        "ip route add 10.0.4.0/24 proto 83 nexthop via 10.0.1.1 nexthop via 10.0.1.3",
        "ip route add unreachable 10.0.5.0/24 proto 83 metric 9",
        "ip -6 route add fd00:9::/64 dev eth0 proto 83 metric 5",
        "ip neigh add 10.0.1.77 lladdr 02:00:00:00:00:77 dev eth0 nud permanent proto 83"
      })
  void aWorkloadCannotWedgeItsTopology(String command, Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Bed bed = Bed.on(node);
    bed.apply();
    bed.in("a", command);
    bed.apply();
    bed.assertWhole();
    bed.destroy();
    before.assertUnchanged(node);
  }

  /** With strict reverse path filtering on the host, as some distributions have it. */
  @Test
  void aMultiHomedEndpointAnswersByEitherNetwork(Node node) {
    bed(node, "sysctl -qw net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.default.rp_filter=1");
    Bed bed = Bed.on(node);
    bed.apply(
        Bed.TOPOLOGY.replace(
            "[{network: blue, name: eth0, addresses: [10.0.2.2, \"fd00:0:0:2::2\"]}]",
            "[{network: blue, name: eth0, addresses: [10.0.2.2]},"
                + " {network: red, name: eth1, addresses: [10.0.1.4]}]"));
    bed.in("a", "ping -n -c 1 -w 4 10.0.2.2");
    bed.in("a", "ping -n -c 1 -w 4 10.0.1.4");
  }

  private static void bed(Node node, String command) {
    Bed.on(node).node(command);
  }

  private static void assertReachable(Bed bed, String yaml, String... addresses) {
    assertThat(bed.topologies().plan(Bed.declared(yaml)).steps()).isEmpty();
    for (String to : List.of(addresses)) {
      bed.in("a", "ping -n -c 1 -w 4 -i 0.2 " + to);
    }
  }
}
