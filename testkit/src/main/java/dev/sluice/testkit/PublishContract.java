package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.kernel.ConflictingWishesException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Sctp;
import dev.sluice.testkit.Service.Client;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Published ports: who gets in by them, under which address, and what policy says of it. A server
 * and a neighbour in a network that has an uplink; others in networks that have none, one of which
 * the server is in too.
 */
abstract class PublishContract extends Contract {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: shop}
      spec:
        networks:
          - {name: red,  subnets: [10.0.1.0/24, "fd00:0:0:1::/64"], uplink: up0}
          - {name: blue, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"]}
          - {name: green, subnets: [10.0.3.0/24, "fd00:0:0:3::/64"]}
        endpoints:
          - name: server
            netns: server
            labels: {app: server}
            interfaces:
              - {network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}
              - {network: blue, name: eth1, addresses: [10.0.2.2, "fd00:0:0:2::2"]}
            ports:
              - {port: 80, publish: 8080}
              - {port: 53, protocol: UDP, publish: 8080}
              - {port: 2905, protocol: SCTP, publish: 8080}
          - name: near
            netns: near
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3, "fd00:0:0:1::3"]}]
          - name: far
            netns: far
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.3, "fd00:0:0:2::3"]}]
          - name: inner
            netns: inner
            interfaces: [{network: green, name: eth0, addresses: [10.0.3.2, "fd00:0:0:3::2"]}]
            ports: [{port: 80, publish: 9090}]
      """;

  private static final String DENY_ALL =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny-all}
      spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
      """;

  private static final String ALLOW =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: allow}
      spec:
        podSelector: {matchLabels: {app: server}}
        ingress:
          - from: [{ipBlock: {cidr: 192.0.2.0/24}}, {ipBlock: {cidr: "2001:db8::/64"}}]
            ports: [{port: PORT}, {port: PORT, protocol: UDP}]
      """;

  private static final int PUBLISHED = 8080;
  private static final int OF_THE_NODE = 4500;
  private static final NetnsRef SERVER = NetnsRef.named("server");
  private static final NetnsRef NEAR = NetnsRef.named("near");
  private static final NetnsRef FAR = NetnsRef.named("far");

  private static Outside outside(Node node) {
    // As where br_netfilter is not loaded: a new namespace has it on for all bridges.
    Shell.inNode(
            node,
            "sysctl -qw net.bridge.bridge-nf-call-iptables=0 net.bridge.bridge-nf-call-ip6tables=0")
        .orFail();
    return Outside.connect(node, "up0", "outside", "192.0.2", "2001:db8")
        .asDefault()
        .knows("10.0.0.0/16")
        .knows("fd00::/48");
  }

  private static IpAddress server(boolean v4) {
    return ip(v4 ? "10.0.1.2" : "fd00:0:0:1::2");
  }

  private static IpAddress gateway(boolean v4) {
    return ip(v4 ? "10.0.1.1" : "fd00:0:0:1::1");
  }

  /** Whom the server knows a client as, by TCP; UDP has to agree. */
  private static Optional<IpAddress> seen(Node node, Client client, Duration patience) {
    boolean v4 = client.target().isV4();
    Optional<IpAddress> tcp = new Service(node, SERVER, server(v4), 80).tcp(client, patience);
    Optional<IpAddress> udp = new Service(node, SERVER, server(v4), 53).udp(client, patience);
    assertThat(udp).as("%s by UDP, as by TCP", client).isEqualTo(tcp);
    return tcp;
  }

  private static void assertSeenAs(Node node, Client client, IpAddress address) {
    assertThat(seen(node, client, Service.SOON)).as("%s", client).contains(address);
  }

  private static void assertKeptOut(Node node, Client client) {
    assertThat(seen(node, client, Service.NEVER)).as("%s", client).isEmpty();
  }

  private static Client client(NetnsRef where, IpAddress target) {
    return new Client(where, target, PUBLISHED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientOutsideGetsInAndKeepsItsAddress(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    assertSeenAs(node, client(outside.netns(), outside.nodeAddress(v4)), outside.address(v4));
    // Any local address of the node will do.
    assertSeenAs(node, client(outside.netns(), gateway(v4)), outside.address(v4));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNodeItselfGetsInByAnyOfItsAddressesThatIsNotLoopback(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    for (IpAddress address : List.of(outside.nodeAddress(v4), gateway(v4))) {
      assertSeenAs(node, client(NetnsRef.NODE, address), address);
    }
    IpAddress loopback = ip(v4 ? "127.0.0.1" : "::1");
    Service own = new Service(node, NetnsRef.NODE, loopback, PUBLISHED);
    assertThat(own.tcp(client(NetnsRef.NODE, loopback), Service.SOON)).contains(loopback);
  }

  /** Two connections that would be one to the server: the kernel gives one of them another port. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNodeItselfGetsInWhereItsPortIsTranslatedToo(boolean v4, Node node) throws IOException {
    outside(node);
    apply(node, TOPOLOGY + DENY_ALL);
    InetAddress server = server(v4).toInetAddress();
    InetAddress gateway = gateway(v4).toInetAddress();
    int patience = (int) Service.SOON.toMillis();
    try (ServerSocket listener = Shell.call(node, SERVER, () -> new ServerSocket(80, 2, server));
        Socket direct = Shell.call(node, NetnsRef.NODE, () -> SocketChannel.open().socket());
        Socket published = Shell.call(node, NetnsRef.NODE, () -> SocketChannel.open().socket())) {
      listener.setSoTimeout(patience);
      for (Socket socket : List.of(direct, published)) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(gateway, OF_THE_NODE));
      }
      direct.connect(new InetSocketAddress(server, 80), patience);
      published.connect(new InetSocketAddress(gateway, PUBLISHED), patience);
      assertThat(List.of(port(listener), port(listener)))
          .contains(OF_THE_NODE)
          .doesNotHaveDuplicates();
    }
  }

  /** Those are the node's too, and nothing that is sent to them is translated. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noBroadcastGetsToTheNodeByTheNumberOfAPublishedPort(boolean v4, Node node)
      throws IOException, InterruptedException {
    outside(node);
    apply(node, TOPOLOGY + DENY_ALL);
    InetAddress everybody = ip(v4 ? "10.0.1.255" : "fd00:0:0:1::").toInetAddress();
    NetnsRef far = NetnsRef.named("far");
    try (DatagramChannel service = Shell.call(node, NetnsRef.NODE, DatagramChannel::open);
        DatagramChannel client = Shell.call(node, far, DatagramChannel::open);
        DatagramChannel own = Shell.call(node, NetnsRef.NODE, DatagramChannel::open)) {
      service.bind(new InetSocketAddress(PUBLISHED));
      client.send(ByteBuffer.wrap(new byte[] {1}), new InetSocketAddress(everybody, PUBLISHED));
      Thread.sleep(Service.NEVER.toMillis());
      own.send(
          ByteBuffer.wrap(new byte[] {2}),
          new InetSocketAddress(ip(v4 ? "127.0.0.1" : "::1").toInetAddress(), PUBLISHED));
      ByteBuffer received = ByteBuffer.allocate(1);
      service.receive(received);
      assertThat(received.get(0)).as("from the node itself").isEqualTo((byte) 2);
    }
  }

  /** From which port the next one has connected. */
  private static int port(ServerSocket listener) throws IOException {
    try (Socket accepted = listener.accept()) {
      return accepted.getPort();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void otherEndpointsGetInFromTheSameAndAnotherNetwork(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    IpAddress near = ip(v4 ? "10.0.1.3" : "fd00:0:0:1::3");
    IpAddress far = ip(v4 ? "10.0.2.3" : "fd00:0:0:2::3");
    for (IpAddress address : List.of(outside.nodeAddress(v4), gateway(v4))) {
      assertSeenAs(node, client(NEAR, address), near);
      assertSeenAs(node, client(FAR, address), far);
    }
    // As ever, without the node between them.
    assertThat(
            new Service(node, SERVER, server(v4), 80)
                .tcp(new Client(NEAR, server(v4), 80), Service.SOON))
        .contains(near);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEndpointReachesItselfWhateverPolicySays(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY + DENY_ALL);
    IpAddress other = ip(v4 ? "10.0.2.2" : "fd00:0:0:2::2");
    for (IpAddress address : List.of(outside.nodeAddress(v4), gateway(v4))) {
      assertSeenAs(node, client(SERVER, address), gateway(v4));
      assertSeenAs(node, client(SERVER, address).from(other), gateway(v4));
    }
    assertKeptOut(node, client(NEAR, outside.nodeAddress(v4)));
    assertKeptOut(node, client(FAR, outside.nodeAddress(v4)));
    assertKeptOut(node, client(outside.netns(), outside.nodeAddress(v4)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void policyJudgesTheClientsAddressAndTheEndpointsPort(boolean v4, Node node) {
    Outside outside = outside(node);
    String allow = ALLOW.replace("PORT, protocol", "53, protocol").replace("PORT", "80");
    apply(node, TOPOLOGY + allow);
    assertSeenAs(node, client(outside.netns(), outside.nodeAddress(v4)), outside.address(v4));
    assertKeptOut(node, client(NEAR, outside.nodeAddress(v4)));
    assertKeptOut(node, client(FAR, outside.nodeAddress(v4)));
    apply(node, TOPOLOGY + ALLOW.replace("PORT", "8080"));
    assertKeptOut(node, client(outside.netns(), outside.nodeAddress(v4)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPortOfANetworkWithoutUplinkIsNotPublishedOutside(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    Service inner =
        new Service(node, NetnsRef.named("inner"), ip(v4 ? "10.0.3.2" : "fd00:0:0:3::2"), 80);
    IpAddress target = outside.nodeAddress(v4);
    assertThat(inner.tcp(new Client(outside.netns(), target, 9090), Service.NEVER)).isEmpty();
    assertThat(inner.tcp(new Client(NEAR, target, 9090), Service.SOON))
        .contains(ip(v4 ? "10.0.1.3" : "fd00:0:0:1::3"));
    assertThat(inner.tcp(new Client(NetnsRef.NODE, target, 9090), Service.SOON)).contains(target);
  }

  /** This kernel may have no SCTP sockets, so that only a segment is looked for. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sctpIsPublishedToo(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    Sctp init = Sctp.init(4711, PUBLISHED, 1);
    try (SctpEar ear = SctpEar.in(node, SERVER, !v4)) {
      Wire.sendIp(node, outside.netns(), outside.address(v4), outside.nodeAddress(v4), init);
      assertThat(ear.await(s -> s.destinationPort() == 2905, Service.SOON)).isPresent();
    }
  }

  /** An error is about a packet that the client never sent: it has to be translated too. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void thatNobodyListensIsToldToTheClient(boolean v4, Node node) {
    Outside outside = outside(node);
    apply(node, TOPOLOGY);
    for (NetnsRef where : List.of(outside.netns(), NetnsRef.NODE, NEAR, FAR, SERVER)) {
      Client client = client(where, outside.nodeAddress(v4));
      assertThat(Service.isRefusedUdp(node, client, Service.SOON)).as("%s", client).isTrue();
    }
  }

  @Test
  void aPortMovesAndIsWithdrawn(Node node) {
    Outside outside = outside(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    apply(node, TOPOLOGY);
    apply(node, TOPOLOGY.replace("{port: 80, publish: 8080}", "{port: 80, publish: 8081}"));
    Service server = new Service(node, SERVER, server(true), 80);
    Client old = client(outside.netns(), outside.nodeAddress(true));
    Client moved = new Client(outside.netns(), outside.nodeAddress(true), 8081);
    assertThat(server.tcp(old, Service.NEVER)).isEmpty();
    assertThat(server.tcp(moved, Service.SOON)).contains(outside.address(true));
    apply(node, TOPOLOGY.replace("{port: 80, publish: 8080}", "{port: 80, name: http}"));
    assertThat(server.tcp(moved, Service.NEVER)).isEmpty();
    topologies(node).destroy("shop");
    before.assertUnchanged(node);
  }

  @Test
  void twoTopologiesThatPublishOnePortAreRefusedByTheirNames(Node node) {
    outside(node);
    apply(node, TOPOLOGY);
    NodeSnapshot before = NodeSnapshot.of(node);
    assertThatThrownBy(
            () ->
                apply(
                    node,
                    """
                    apiVersion: sluice.dev/v1alpha1
                    kind: Topology
                    metadata: {name: rival}
                    spec:
                      networks: [{name: net, subnets: [10.9.0.0/24]}]
                      endpoints:
                        - name: x
                          netns: x
                          interfaces: [{network: net, name: eth0}]
                          ports: [{port: 1, protocol: UDP, publish: 8080}]
                    """))
        .isInstanceOf(ConflictingWishesException.class)
        .hasMessageContaining("published port UDP 8080")
        .hasMessageContaining("shop")
        .hasMessageContaining("rival");
    before.assertUnchanged(node);
  }
}
