package dev.sluice.testkit;

import java.util.Optional;

/**
 * What a workload may do to its own interface as root of its own namespace: shell commands, which
 * find in the environment the interface's number as INDEX, and as OWN, B, D and GATEWAY the MAC
 * addresses of its own, of two neighbours and of the gateway. BEHIND is what the interface is on,
 * or leads to, in the namespace with the id THERE, and BEHIND_B the same of neighbour b. ON_GATEWAY
 * is the node's link that has the gateway's addresses.
 */
enum Tampering {
  NOTHING("nothing but forged frames", "true"),
  BRIDGE_MODE("macvlan in bridge mode", "ip link set eth0 type macvlan mode bridge"),
  BOTH_IN_BRIDGE_MODE(
      "macvlan in bridge mode, a neighbour's too", "ip link set eth0 type macvlan mode bridge") {
    @Override
    Optional<String> accomplice() {
      return Optional.of(script());
    }
  },
  PRIVATE_MODE("macvlan in private mode", "ip link set eth0 type macvlan mode private"),
  SOURCE_MODE(
      "macvlan in source mode, for neighbours' MACs",
      "ip link set eth0 type macvlan mode source",
      "ip link set eth0 type macvlan macaddr set $B $D $GATEWAY"),
  CONSUMING_SOURCE_MODE(
      "the same, taking their frames away (nodst)",
      "ip link set eth0 type macvlan mode source nodst",
      "ip link set eth0 type macvlan macaddr set $B $D $GATEWAY"),
  SECOND_MACVLAN(
      "second macvlan on top", "ip link add m1 link eth0 type macvlan mode bridge", up("m1")),
  SECOND_IN_VEPA_MODE(
      "second macvlan on top, in VEPA mode",
      "ip link add m1 link eth0 type macvlan mode vepa",
      up("m1")),
  SECOND_WITH_NEIGHBOURS_MAC(
      "second macvlan with a neighbour's MAC",
      "ip link add m1 link eth0 address $B type macvlan mode bridge",
      up("m1")),
  SECOND_IN_SOURCE_MODE(
      "second macvlan in source mode, for neighbours' MACs",
      "ip link add m1 link eth0 type macvlan mode source",
      "ip link set m1 type macvlan macaddr set $B $D $GATEWAY",
      up("m1")),
  BOTH_WITH_A_SECOND(
      "second macvlan in bridge mode, a neighbour's too",
      "ip link add m1 link eth0 type macvlan mode bridge",
      up("m1")) {
    @Override
    Optional<String> accomplice() {
      return Optional.of(script());
    }
  },
  ON_WHAT_IS_BEHIND(
      "macvlan on what its interface is on or leads to",
      "ip link add m1 link $BEHIND link-netnsid $THERE type macvlan mode bridge",
      up("m1")),
  ON_WHAT_IS_BEHIND_A_NEIGHBOUR(
      "macvlan on what a neighbour's is on or leads to",
      "ip link add m1 link $BEHIND_B link-netnsid $THERE type macvlan mode bridge",
      up("m1")),
  VLAN_0_ON_WHAT_IS_BEHIND_A_NEIGHBOUR(
      "device for VLAN 0 on what a neighbour's is on or leads to",
      "ip link add m1 link $BEHIND_B link-netnsid $THERE address $OWN type vlan id 0",
      up("m1")),
  VXLAN_FROM_WHERE_THE_OTHER_END_IS(
      "VXLAN to a neighbour, from where what its interface is on or leads to is",
      vxlan(),
      up("m1")),
  VXLAN_OF_WHAT_THE_NODE_SENDS(
      "the same, carrying what the node sends it",
      vxlan(),
      up("m1"),
      "tc qdisc add dev eth0 clsact",
      "tc filter add dev eth0 ingress protocol ip u32 match ip src 10.0.1.1"
          + " action mirred egress redirect dev m1") {
    @Override
    boolean carriesWhatTheNodeSends() {
      return true;
    }
  },
  ON_THE_GATEWAYS_LINK(
      "macvlan on the link with the gateway's addresses, and what comes in elsewhere sent by it",
      "ip link add m1 link if$ON_GATEWAY link-netnsid $THERE type macvlan mode bridge",
      up("m1"),
      "ip link add v0 type veth peer name v1",
      up("v0"),
      up("v1"),
      "tc qdisc add dev v1 clsact",
      "tc filter add dev v1 ingress protocol all u32 match u32 0 0"
          + " action mirred egress redirect dev m1") {
    /** Without a port a bridge has no carrier, and what is on it sends nothing. */
    @Override
    Optional<String> inNode() {
      return Optional.of(
          "ip link add p0 up type veth peer name p1 && ip link set p1 up && ip link set p0 master if$ON_GATEWAY");
    }
  },
  DELETED("interface deleted", "ip link del eth0"),
  RECREATED(
      "deleted and made again, same number and MAC",
      "ip link add m1 link eth0 type macvlan mode vepa",
      "ip link del eth0",
      "ip link add eth0 link m1 index $INDEX address $OWN type macvlan mode vepa",
      up("eth0"),
      "ip addr add 10.0.1.2/24 dev eth0"),
  RECREATED_OTHERWISE(
      "deleted and made again, another number, a neighbour's MAC",
      "ip link add m1 link eth0 type macvlan mode vepa",
      "ip link del eth0",
      "ip link add eth0 link m1 address $B type macvlan mode vepa",
      up("eth0"),
      "ip addr add 10.0.1.2/24 dev eth0"),
  NEIGHBOURS_MAC("a neighbour's MAC", "ip link set eth0 address $B"),
  NEIGHBOURS_MAC_WHILE_DOWN(
      "a neighbour's MAC, while that one is down", "ip link set eth0 address $B") {
    @Override
    boolean isNeighbourDown() {
      return true;
    }
  },
  SECOND_WITH_MAC_WHILE_DOWN(
      "second macvlan with a neighbour's MAC, while that one is down",
      "ip link add m1 link eth0 address $B type macvlan mode bridge",
      up("m1")) {
    @Override
    boolean isNeighbourDown() {
      return true;
    }
  },
  NEIGHBOURS_ADDRESSES(
      "neighbours' addresses added",
      "ip addr add 10.0.1.4/32 dev eth0",
      "ip addr add 10.0.1.3/32 dev eth0",
      "ip addr add fd00:0:0:1::4/128 dev eth0 nodad",
      "ip addr add fd00:0:0:1::3/128 dev eth0 nodad"),
  FILTERS_DELETED(
      "tc filters deleted, nftables flushed",
      "tc qdisc add dev eth0 clsact",
      "tc filter del dev eth0 ingress",
      "tc filter del dev eth0 egress",
      "tc qdisc del dev eth0 clsact",
      "nft flush ruleset"),
  FILTERS_OF_ITS_OWN(
      "filters of its own that mark all and let it pass",
      "tc qdisc add dev eth0 clsact",
      "tc filter add dev eth0 ingress prio 1 protocol all u32 match u32 0 0 flowid 1:1",
      "tc filter add dev eth0 egress prio 1 protocol all u32 match u32 0 0 flowid 1:1",
      "nft add table netdev own",
      "nft 'add chain netdev own out { type filter hook egress device eth0 priority 0; }'",
      "nft add rule netdev own out meta mark set $MARK accept"),
  SENDING_BY_XDP(
      "frames by AF_XDP, where filters of its own let nothing out",
      "nft add table netdev own",
      "nft 'add chain netdev own out { type filter hook egress device eth0 priority 0; policy drop; }'") {
    @Override
    boolean isByXdp() {
      return true;
    }
  },
  PROMISCUOUS("listening to everything", "ip link set eth0 promisc on allmulticast on"),
  FORWARDING(
      "forwarding for others", "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1"),
  PORT_OF_A_BRIDGE(
      "a bridge over it", "ip link add br0 type bridge", "ip link set eth0 master br0", up("br0")),
  MACVTAP("macvtap on top", "ip link add t1 link eth0 type macvtap mode bridge", up("t1")),
  IPVLAN("ipvlan on top", "ip link add i1 link eth0 type ipvlan mode l2", up("i1")),
  IPVLAN_ON_WHAT_IS_BEHIND(
      "ipvlan on what its interface is on or leads to",
      "ip link add i1 link $BEHIND link-netnsid $THERE type ipvlan mode l2 bridge",
      up("i1")),
  IPVLAN_IN_BRIDGE_MODE("ipvlan in bridge mode", "ip link set eth0 type ipvlan mode l2 bridge"),
  BOTH_IPVLANS_IN_BRIDGE_MODE(
      "ipvlan in bridge mode, a neighbour's too", "ip link set eth0 type ipvlan mode l2 bridge") {
    @Override
    Optional<String> accomplice() {
      return Optional.of(script());
    }
  },
  IPVLAN_IN_L2("ipvlan in mode l2", "ip link set eth0 type ipvlan mode l2"),
  IPVLAN_IN_L3("ipvlan in mode l3", "ip link set eth0 type ipvlan mode l3"),
  IPVLAN_IN_L3S("ipvlan in mode l3s", "ip link set eth0 type ipvlan mode l3s"),
  IPVLAN_RECREATED(
      "ipvlan deleted and made again, same number",
      "ip link add i1 link eth0 type ipvlan mode l2 bridge",
      "ip link del eth0",
      "ip link add eth0 link i1 index $INDEX type ipvlan mode l2 bridge",
      up("eth0"),
      "ip addr add 10.0.1.2/24 dev eth0");

  private final String title;
  private final String script;

  Tampering(String title, String... commands) {
    this.title = title;
    this.script = "set -e\n" + String.join("\n", commands);
  }

  private static String vxlan() {
    return "ip link add m1 link-netnsid $THERE"
        + " type vxlan id 1 local 10.0.1.1 remote 10.0.1.3 dstport 9";
  }

  private static String up(String link) {
    return "ip link set " + link + " up";
  }

  String title() {
    return title;
  }

  /** Ends with the first command that fails. */
  String script() {
    return script;
  }

  /** What is done in the namespace of a neighbour that is in it too. */
  Optional<String> accomplice() {
    return Optional.empty();
  }

  /** What somebody has done in the node before, where what it is to act on is not up else. */
  Optional<String> inNode() {
    return Optional.empty();
  }

  /** Whether what the node sends to a is to go on from there. */
  boolean carriesWhatTheNodeSends() {
    return false;
  }

  /** Whether it is done while the interface of neighbour b is down. */
  boolean isNeighbourDown() {
    return false;
  }

  /** Whether it goes on by AF_XDP, so that it is connected if what it sends so gets there. */
  boolean isByXdp() {
    return false;
  }

  @Override
  public String toString() {
    return title;
  }
}
