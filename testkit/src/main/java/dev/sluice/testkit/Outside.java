package dev.sluice.testkit;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;

/**
 * A namespace beyond an interface of a node: the world outside. The node has the addresses {@code
 * v4}.1 and {@code v6}::1 there, the outside {@code v4}.2 and {@code v6}::2.
 *
 * @param link the node's interface; its other end is {@code eth0} in {@code netns}
 * @param v4 the first three numbers of a /24: {@code 192.0.2}
 * @param v6 the first groups of a /64: {@code 2001:db8}
 */
record Outside(Node node, String link, NetnsRef netns, String v4, String v6) {

  /** Connects a new namespace to the node. */
  static Outside connect(Node node, String link, String netns, String v4, String v6) {
    Outside outside = new Outside(node, link, NetnsRef.named(netns), v4, v6);
    Shell.inNode(
            node,
            """
            set -e
            touch %1$s
            unshare --net=%1$s true
            ip link add %2$s type veth peer name eth0 netns /proc/self/fd/3 3<%1$s
            ip link set %2$s up
            ip addr add %3$s.1/24 dev %2$s
            ip addr add %4$s::1/64 dev %2$s nodad
            """
                .formatted(node.published(netns), link, v4, v6))
        .orFail();
    outside.run(
        """
        set -e
        ip link set lo up
        ip link set eth0 up
        ip addr add %1$s.2/24 dev eth0
        ip addr add %2$s::2/64 dev eth0 nodad
        """
            .formatted(v4, v6));
    return outside;
  }

  /** Runs commands outside, which have to succeed. */
  void run(String commands) {
    Shell.in(node, netns, commands).orFail();
  }

  /** Makes the node the outside's router to a block of addresses. */
  Outside knows(String cidr) {
    run("ip route add " + cidr + " via " + nodeAddress(!cidr.contains(":")));
    return this;
  }

  /** Makes the outside the node's default router. */
  Outside asDefault() {
    Shell.inNode(
            node,
            "ip route add default via %s && ip -6 route add default via %s"
                .formatted(address(true), address(false)))
        .orFail();
    return this;
  }

  IpAddress nodeAddress(boolean ipv4) {
    return host(ipv4, 1);
  }

  IpAddress address(boolean ipv4) {
    return host(ipv4, 2);
  }

  private IpAddress host(boolean ipv4, int number) {
    return IpAddress.parse(ipv4 ? v4 + "." + number : v6 + "::" + number);
  }
}
