package dev.sluice.testkit;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;

/**
 * A node with a device on a wire, {@code up0}. Beyond it is a router, 10.0.1.1, which is a host of
 * the wire too, and behind that a host of another network. The node has an address of its own
 * there.
 */
record WireBed(Node node, Outside router) {

  static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: wired}
      spec:
        networks:
          - name: red
            subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]
            parent: up0
            gateway: GATEWAY
        endpoints:
          - name: a
            netns: a
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: b
            netns: b
            labels: {serves: udp}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3, "fd00:0:0:1::3"]}]
      """;

  static final String NAME = "wired";

  /** The router on the wire is the gateway. */
  static final String ROUTED = TOPOLOGY.replace("GATEWAY", "[10.0.1.1, \"fd00:0:0:1::1\"]");

  /** The node is the gateway. */
  static final String ON_NODE =
      TOPOLOGY.replace("GATEWAY", "{node: [10.0.1.254, \"fd00:0:0:1::fe\"]}");

  /** As {@link #ROUTED}; a is at another wire too, that of the node's {@code up1}. */
  static final String AT_TWO =
      ROUTED
          .replace(
              "  endpoints:\n",
              "    - {name: blue, subnets: [10.0.2.0/24, \"fd00:0:0:2::/64\"], parent: up1, gateway:"
                  + " [10.0.2.1, \"fd00:0:0:2::1\"]}\n  endpoints:\n")
          .replace(
              "\"fd00:0:0:1::2\"]}]",
              "\"fd00:0:0:1::2\"]}, {network: blue, name: eth1, addresses: [10.0.2.2,"
                  + " \"fd00:0:0:2::2\"]}]");

  static final NetnsRef A = NetnsRef.named("a");
  static final NetnsRef B = NetnsRef.named("b");
  static final NetnsRef BEHIND = NetnsRef.named("behind");

  static WireBed on(Node node) {
    Outside router = Outside.connect(node, "up0", "router", "192.0.2", "2001:db8");
    router.run(
        """
        set -e
        ip addr add 10.0.1.1/24 dev eth0
        ip addr add fd00:0:0:1::1/64 dev eth0 nodad
        sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
        """);
    Shell.inNode(node, "touch %1$s && unshare --net=%1$s true".formatted(node.published("behind")))
        .orFail();
    router.run(
        """
        set -e
        ip link add in0 type veth peer name eth0 netns /proc/self/fd/3 3<%s
        ip link set in0 up
        ip addr add 203.0.113.1/24 dev in0
        ip addr add 2001:db8:f::1/64 dev in0 nodad
        """
            .formatted(node.published("behind")));
    Shell.in(
            node,
            BEHIND,
            """
            set -e
            ip link set lo up
            ip link set eth0 up
            ip addr add 203.0.113.2/24 dev eth0
            ip addr add 2001:db8:f::2/64 dev eth0 nodad
            ip route add default via 203.0.113.1
            ip -6 route add default via 2001:db8:f::1
            """)
        .orFail();
    return new WireBed(node, router);
  }

  static String router(boolean v4) {
    return v4 ? "10.0.1.1" : "fd00:0:0:1::1";
  }

  static String behind(boolean v4) {
    return v4 ? "203.0.113.2" : "2001:db8:f::2";
  }

  static String a(boolean v4) {
    return v4 ? "10.0.1.2" : "fd00:0:0:1::2";
  }

  static String b(boolean v4) {
    return v4 ? "10.0.1.3" : "fd00:0:0:1::3";
  }

  /** The device's own. */
  MacAddress mac() {
    try (Wire wire = Wire.on(node, NetnsRef.NODE, "up0")) {
      return wire.link().mac().orElseThrow();
    }
  }

  /** What the device takes in, and what is attached to it, as other programs tell it. */
  String device() {
    return Shell.inNode(
            node,
            "bridge fdb show dev up0 | sort; ip -d link show up0; tc filter show dev up0 ingress")
        .orFail();
  }
}
