package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies.Status;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is changed by hand of an uplink's ways and of a published port is seen, and mended. */
@ExtendWith(NodeExtension.class)
class UplinkDriftTest {

  private static final String TOPOLOGY =
      Bed.TOPOLOGY
          .replace("\"fd00:0:0:1::/64\"]}", "\"fd00:0:0:1::/64\"], uplink: up0, masquerade: true}")
          .replace("spec:\n", "spec:\n  denyFrom: [203.0.113.0/24, \"2001:db8:bad::/48\"]\n")
          .replace("netns: a\n", "netns: a\n      ports: [{port: 80, publish: 8080}]\n");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nft flush ruleset",
        "nft delete table inet sluice-bed/nat",
        "nft flush chain inet sluice-bed/nat forward/uplink",
        "nft flush map inet sluice-bed/nat published/red/v4",
        "nft add element inet sluice-bed/nat published/red/v4 { tcp . 22 : 10.0.1.2 . 22 }",
        "nft add rule inet sluice-bed/nat mark/uplink meta mark set 0x10000000",
        "nft delete table netdev sluice-bed/deny",
        "nft flush map netdev sluice-bed/deny sources/v4",
        "nft flush set netdev sluice-bed/deny inner-sources/v6",
        "nft delete element netdev sluice-bed/deny sources/v6 { 2001:db8:bad::/48 }",
        "nft insert rule netdev sluice-bed/deny deny accept",
        "nft delete chain netdev sluice-bed/deny from/up0",
        "ip rule del pref 5200 iif up0",
        "ip -6 rule del pref 5200 iif up0",
        "ip rule del pref 5200 iif $BRIDGE && ip rule add pref 5200 iif $BRIDGE lookup $TABLE proto 83",
        "sysctl -qw net.ipv4.conf.up0.forwarding=0",
        "sysctl -qw net.ipv6.conf.up0.force_forwarding=0",
        "ip link set $PORT type bridge_slave hairpin off",
        "ip link set $PORT nomaster",
        "ip link set $BRIDGE type bridge nf_call_iptables 0"
      })
  void whatIsChangedByHandIsMended(String damage, Node node) {
    Bed bed = Bed.on(node);
    bed.node("ip link add up0 type veth peer name beyond && ip link set up0 up");
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply(TOPOLOGY);
    NodeSnapshot whole = NodeSnapshot.of(node);
    bed.node(filled(damage));
    assertThat(bed.topologies().plan(Bed.declared(TOPOLOGY)).steps()).isNotEmpty();
    assertThat(bed.topologies().status()).extracting(Status::drift).allMatch(drift -> drift > 0);
    bed.apply(TOPOLOGY);
    bed.assertWhole(TOPOLOGY);
    whole.assertUnchanged(node);
    bed.destroy();
    before.assertUnchanged(node);
  }

  private static String filled(String damage) {
    return damage
        .replace("$BRIDGE", Bed.redBridge())
        .replace("$PORT", Bed.portOfA())
        .replace("$TABLE", Bed.table());
  }
}
