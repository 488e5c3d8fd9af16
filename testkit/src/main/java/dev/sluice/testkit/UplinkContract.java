package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.error.UnsupportedFeatureException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import dev.sluice.core.packet.Ethernet;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Ipv6;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.Service.Client;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ways out of the node and in. Two networks with one uplink, of which one is masqueraded, and
 * one without; beyond the uplink somebody who knows the way to all of them.
 */
abstract class UplinkContract extends Contract {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: ways}
      spec:
        networks:
          - {name: red,   subnets: [10.0.1.0/24, "fd00:0:0:1::/64"], uplink: up0, masquerade: true}
          - {name: blue,  subnets: [10.0.2.0/24, "fd00:0:0:2::/64"], uplink: up0}
          - {name: green, subnets: [10.0.3.0/24, "fd00:0:0:3::/64"]}
        endpoints:
          - name: hidden
            netns: hidden
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: plain
            netns: plain
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
          - name: inner
            netns: inner
            interfaces: [{network: green, name: eth0, addresses: [10.0.3.2, "fd00:0:0:3::2"]}]
      """;

  private static final String OTHER =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: other}
      spec:
        networks:
          - {name: net, subnets: [10.0.9.0/24, "fd00:0:0:9::/64"], uplink: up0}
        endpoints:
          - name: other
            netns: other
            interfaces: [{network: net, name: eth0, addresses: [10.0.9.2, "fd00:0:0:9::2"]}]
      """;

  private static final NetnsRef HIDDEN = NetnsRef.named("hidden");
  private static final NetnsRef PLAIN = NetnsRef.named("plain");
  private static final NetnsRef INNER = NetnsRef.named("inner");
  private static final Udp DATAGRAM = Udp.of(9, 9, Bytes.ofText("is anybody there?"));

  private static Outside outside(Node node) {
    return Outside.connect(node, "up0", "outside", "192.0.2", "2001:db8")
        .asDefault()
        .knows("10.0.0.0/16")
        .knows("fd00::/48");
  }

  /** Beyond another interface of the node, which no network names. */
  private static Outside elsewhere(Node node) {
    return Outside.connect(node, "other0", "elsewhere", "198.51.100", "2001:db8:1")
        .knows("10.0.0.0/16")
        .knows("fd00::/48");
  }

  private static IpAddress hidden(boolean v4) {
    return ip(v4 ? "10.0.1.2" : "fd00:0:0:1::2");
  }

  private static IpAddress plain(boolean v4) {
    return ip(v4 ? "10.0.2.2" : "fd00:0:0:2::2");
  }

  private static IpAddress inner(boolean v4) {
    return ip(v4 ? "10.0.3.2" : "fd00:0:0:3::2");
  }

  /** Whom a service knows {@code from} as, by TCP and by UDP alike; empty if it gets no answer. */
  private static Optional<IpAddress> seen(
      Node node, NetnsRef from, NetnsRef where, IpAddress address, Duration patience) {
    Optional<IpAddress> tcp =
        new Service(node, where, address, 80).tcp(new Client(from, address, 80), patience);
    Optional<IpAddress> udp =
        new Service(node, where, address, 53).udp(new Client(from, address, 53), patience);
    assertThat(udp).as("%s to %s by UDP, as by TCP", from, address).isEqualTo(tcp);
    return tcp;
  }

  private static Optional<IpAddress> seenOutside(Outside outside, NetnsRef from, boolean v4) {
    return seen(outside.node(), from, outside.netns(), outside.address(v4), Service.SOON);
  }

  private static void assertNoWay(Node node, NetnsRef from, NetnsRef to, IpAddress address) {
    assertThat(seen(node, from, to, address, Service.NEVER)).as("%s to %s", from, to).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void outsideAMasqueradedEndpointHasTheNodesAddress(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    assertThat(seenOutside(outside, HIDDEN, v4)).contains(outside.nodeAddress(v4));
    assertAnswers(node, HIDDEN, outside.address(v4).toString());
  }

  /** However strictly it looks for the way back of what it forwards. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theNodeNeedsNoDefaultRoute(int reversePathFilter, Node node) {
    Outside outside =
        Outside.connect(node, "up0", "outside", "192.0.2", "2001:db8").knows("10.0.0.0/16");
    Shell.inNode(
            node,
            "sysctl -qw net.ipv4.conf.all.rp_filter=%1$d net.ipv4.conf.up0.rp_filter=%1$d"
                .formatted(reversePathFilter))
        .orFail();
    apply(node, TOPOLOGY);
    assertThat(seenOutside(outside, HIDDEN, true)).contains(outside.nodeAddress(true));
    assertThat(seen(node, outside.netns(), PLAIN, plain(true), Service.SOON))
        .contains(outside.address(true));
  }

  /** An error comes from outside, and belongs to what was sent. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void errorsFromOutsideComeBack(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    for (NetnsRef where : new NetnsRef[] {HIDDEN, PLAIN}) {
      Client client = new Client(where, outside.address(v4), 53);
      assertThat(Service.isRefusedUdp(node, client, Service.SOON)).as("%s", client).isTrue();
    }
  }

  /** A segment with senseless flags: the node cannot speak for its sender. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsNoConnectionDoesNotLeaveUnderItsOwnAddress(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    Tcp senseless = Tcp.of(4711, 80, 1, 0, Tcp.SYN | Tcp.FIN, Bytes.EMPTY);
    try (Wire wire = Wire.on(node, outside.netns(), "eth0")) {
      Wire.sendIp(node, PLAIN, plain(v4), outside.address(v4), senseless);
      assertThat(wire.await(UplinkContract::isTcp, Service.SOON)).isPresent();
      Wire.sendIp(node, HIDDEN, hidden(v4), outside.address(v4), senseless);
      assertThat(wire.await(UplinkContract::isTcp, Service.NEVER)).isEmpty();
    }
    assertThat(dropped(node, "no-way-out")).isPositive();
  }

  private static boolean isTcp(Ethernet frame) {
    return (frame.payload() instanceof Ipv4 v4 && v4.payload() instanceof Tcp)
        || (frame.payload() instanceof Ipv6 v6 && v6.payload() instanceof Tcp);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anyOtherKeepsItsOwnAndIsReached(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    assertThat(seenOutside(outside, PLAIN, v4)).contains(plain(v4));
    assertThat(seen(node, outside.netns(), PLAIN, plain(v4), Service.SOON))
        .contains(outside.address(v4));
    assertAnswers(node, outside.netns(), plain(v4).toString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nobodyOutsideGetsStraightToAMasqueradedEndpoint(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    assertNoWay(node, outside.netns(), HIDDEN, hidden(v4));
    assertArrives(false, node, outside.netns(), outside.address(v4), HIDDEN, hidden(v4));
    assertThat(dropped(node, "no-way-in")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aNetworkWithoutUplinkHasNoWayOutAndNoWayIn(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    assertNoWay(node, INNER, outside.netns(), outside.address(v4));
    assertNoWay(node, outside.netns(), INNER, inner(v4));
    assertArrives(false, node, INNER, inner(v4), outside.netns(), outside.address(v4));
    assertArrives(false, node, outside.netns(), outside.address(v4), INNER, inner(v4));
    assertThat(seen(node, INNER, HIDDEN, hidden(v4), Service.SOON)).contains(inner(v4));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nobodyOutsideSpeaksAsAnEndpoint(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    assertArrives(true, node, outside.netns(), outside.address(v4), PLAIN, plain(v4));
    assertArrives(false, node, outside.netns(), hidden(v4), PLAIN, plain(v4));
    assertArrives(false, node, outside.netns(), inner(v4), PLAIN, plain(v4));
    assertThat(dropped(node, "spoofed-ip")).isEqualTo(2);
  }

  /** Also where the node forwards for others, as any container host does. */
  @ParameterizedTest
  @CsvSource({"true, 0", "true, 1", "false, 0", "false, 1"})
  void noOtherInterfaceOfTheNodeIsAWay(boolean v4, int forwarding, Node node) {
    outside(node);
    Outside elsewhere = elsewhere(node);
    Shell.inNode(
            node,
            "sysctl -qw net.ipv4.ip_forward=%1$d net.ipv6.conf.all.forwarding=%1$d"
                .formatted(forwarding))
        .orFail();
    apply(node, TOPOLOGY);
    assertAnswers(node, NetnsRef.NODE, elsewhere.address(v4).toString());
    for (NetnsRef from : new NetnsRef[] {HIDDEN, PLAIN}) {
      IpAddress sender = from.equals(HIDDEN) ? hidden(v4) : plain(v4);
      assertNoWay(node, from, elsewhere.netns(), elsewhere.address(v4));
      assertArrives(false, node, from, sender, elsewhere.netns(), elsewhere.address(v4));
      assertArrives(false, node, elsewhere.netns(), elsewhere.address(v4), from, sender);
    }
  }

  /** The node's own packets take the uplink there, but forwarded ones would not. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void norWhereRoutingForwardsOtherwiseThanTheNodeItselfSends(boolean v4, Node node) {
    Outside outside = outside(node);
    Outside elsewhere = elsewhere(node);
    apply(node, TOPOLOGY);
    Shell.inNode(
            node,
            "ip %1$s rule add iif lo to %2$s lookup 77 && ip %1$s route add %2$s via %3$s table 77"
                .formatted(v4 ? "-4" : "-6", elsewhere.address(v4), outside.address(v4)))
        .orFail();
    assertArrives(false, node, PLAIN, plain(v4), elsewhere.netns(), elsewhere.address(v4));
    assertThat(dropped(node, "no-way-out")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void policyIsJudgedBeforeTheNodeSpeaksForTheEndpoint(boolean v4, Node node) {
    Outside outside = outside(node);
    String policy =
        """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: out}
        spec:
          podSelector: {}
          policyTypes: [Ingress, Egress]
          egress: [{to: [{ipBlock: {cidr: 192.0.2.2/32}}, {ipBlock: {cidr: "2001:db8::2/128"}}]}]
        """;
    apply(node, TOPOLOGY + policy);
    assertThat(seenOutside(outside, HIDDEN, v4)).contains(outside.nodeAddress(v4));
    assertThat(seenOutside(outside, PLAIN, v4)).contains(plain(v4));
    assertNoWay(node, outside.netns(), PLAIN, plain(v4));
    apply(node, TOPOLOGY + policy.replace("192.0.2.2", "192.0.2.3").replace("db8::2", "db8::3"));
    assertNoWay(node, HIDDEN, outside.netns(), outside.address(v4));
    assertNoWay(node, PLAIN, outside.netns(), outside.address(v4));
  }

  /** The node tells an endpoint what fits through the uplink. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSmallerUplinkIsNoHindrance(boolean v4, Node node) {
    Outside outside = outside(node);
    Shell.inNode(node, "ip link set up0 mtu 1300").orFail();
    outside.run("ip link set eth0 mtu 1300");
    apply(node, TOPOLOGY);
    Conversation conversation = new Conversation(node);
    int bytes = 1 << 18;
    assertThat(conversation.tcp(HIDDEN, outside.netns(), outside.address(v4), bytes))
        .isEqualTo(outside.nodeAddress(v4));
    assertThat(conversation.tcp(PLAIN, outside.netns(), outside.address(v4), bytes))
        .isEqualTo(plain(v4));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void topologiesThatShareAnUplinkStayStrangers(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    apply(node, OTHER);
    NetnsRef other = NetnsRef.named("other");
    IpAddress address = ip(v4 ? "10.0.9.2" : "fd00:0:0:9::2");
    assertThat(seenOutside(outside, other, v4)).contains(address);
    assertThat(seenOutside(outside, PLAIN, v4)).contains(plain(v4));
    assertArrives(false, node, other, address, PLAIN, plain(v4));
    assertArrives(false, node, PLAIN, plain(v4), other, address);
    topologies(node).destroy("other");
    assertThat(seenOutside(outside, PLAIN, v4)).contains(plain(v4));
    assertThat(seen(node, outside.netns(), PLAIN, plain(v4), Service.SOON))
        .contains(outside.address(v4));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withoutItsTablesNothingGoesOutOrComesInUntilTheyAreMended(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    Shell.inNode(node, "nft flush ruleset").orFail();
    for (NetnsRef endpoint : new NetnsRef[] {HIDDEN, PLAIN}) {
      IpAddress address = endpoint.equals(HIDDEN) ? hidden(v4) : plain(v4);
      assertNoWay(node, endpoint, outside.netns(), outside.address(v4));
      assertNoWay(node, outside.netns(), endpoint, address);
      assertArrives(false, node, endpoint, address, outside.netns(), outside.address(v4));
      assertArrives(false, node, outside.netns(), outside.address(v4), endpoint, address);
    }
    Topologies topologies = topologies(node);
    assertThat(topologies.plan(TestTopologies.declared(datapath(), TOPOLOGY)).steps()).isNotEmpty();
    assertThat(topologies.status()).allMatch(s -> s.drift() > 0);
    apply(node, TOPOLOGY);
    assertThat(seenOutside(outside, HIDDEN, v4)).contains(outside.nodeAddress(v4));
    assertThat(seenOutside(outside, PLAIN, v4)).contains(plain(v4));
  }

  @Test
  void theNodeIsLeftAsItWas(Node node) {
    outside(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    apply(node, TOPOLOGY);
    assertThat(apply(node, TOPOLOGY).steps()).isEmpty();
    apply(node, OTHER);
    topologies(node).destroy("ways");
    topologies(node).destroy("other");
    before.assertUnchanged(node);
  }

  @Test
  void aNetworkMayLoseItsUplinkAndGetItAgain(Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    NodeSnapshot before = NodeSnapshot.of(node);
    apply(
        node, TOPOLOGY.replace(", uplink: up0, masquerade: true", "").replace(", uplink: up0", ""));
    assertNoWay(node, PLAIN, outside.netns(), outside.address(true));
    assertNoWay(node, outside.netns(), HIDDEN, hidden(true));
    apply(node, TOPOLOGY);
    before.assertUnchanged(node);
    assertThat(seenOutside(outside, HIDDEN, true)).contains(outside.nodeAddress(true));
  }

  @Test
  void anUplinkThatIsNotThereIsRefusedBeforeTheFirstStep(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Topologies topologies = topologies(node);
    assertThatThrownBy(() -> topologies.plan(TestTopologies.declared(datapath(), TOPOLOGY)))
        .isInstanceOf(UnsupportedFeatureException.class);
    assertThatThrownBy(() -> apply(node, TOPOLOGY))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("topology ways: spec.networks[0].uplink: there is no interface up0")
        .hasMessageContaining("topology ways: spec.networks[1].uplink: there is no interface up0");
    before.assertUnchanged(node);
    assertThat(topologies.status()).isEmpty();
  }

  @Test
  void anUplinkThatGoesIsToldAndDoesNotHinderDestroying(Node node) {
    NodeSnapshot before = NodeSnapshot.of(node);
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    Shell.inNode(node, "ip link del up0").orFail();
    assertThat(topologies(node).status()).allMatch(s -> s.drift() > 0);
    assertThatThrownBy(() -> apply(node, TOPOLOGY))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("spec.networks[0].uplink");
    topologies(node).destroy("ways");
    String name = node.published(outside.netns().name().orElseThrow()).toString();
    Shell.inNode(node, "umount %1$s && rm %1$s".formatted(name)).orFail();
    before.assertUnchanged(node);
  }

  /** Whether a datagram that {@code from} sends as {@code sender} gets to {@code to}. */
  private static void assertArrives(
      boolean wanted,
      Node node,
      NetnsRef from,
      IpAddress sender,
      NetnsRef to,
      IpAddress destination) {
    try (Wire wire = Wire.on(node, to, "eth0")) {
      Wire.sendIp(node, from, sender, destination, DATAGRAM);
      Optional<Ethernet> frame =
          wire.await(UplinkContract::isOurs, wanted ? Service.SOON : Service.NEVER);
      assertThat(frame.isPresent())
          .as("%s sends as %s to %s", from, sender, destination)
          .isEqualTo(wanted);
    }
  }

  private static boolean isOurs(Ethernet frame) {
    return (frame.payload() instanceof Ipv4 v4 && isOurs(v4.payload()))
        || (frame.payload() instanceof Ipv6 v6 && isOurs(v6.payload()));
  }

  /** The source port may have been translated. */
  private static boolean isOurs(Object payload) {
    return payload instanceof Udp udp && udp.payload().equals(DATAGRAM.payload());
  }

  /** How many packets were dropped for a reason, at the edge of the topology. */
  private static long dropped(Node node, String reason) {
    String counter =
        Shell.inNode(node, "nft list counter inet sluice-ways/nat drop/" + reason).orFail();
    return Long.parseLong(counter.replaceAll("(?s).*packets (\\d+).*", "$1"));
  }
}
