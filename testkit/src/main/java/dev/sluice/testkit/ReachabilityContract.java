package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.check.CheckReport;
import dev.sluice.core.check.CheckTarget;
import dev.sluice.core.check.Expected;
import dev.sluice.core.check.Prober;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.topology.Topology;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two networks; a and b in one, c in the other, d in both. */
abstract class ReachabilityContract extends Contract {
  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: reach}
      spec:
        networks:
          - {name: red,  subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
          - {name: blue, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"], mtu: 1400}
        endpoints:
          - name: a
            netns: a
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: b
            netns: b
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3, "fd00:0:0:1::3"]}]
          - name: c
            netns: c
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
          - name: d
            netns: d
            interfaces:
              - {network: red, name: eth0, addresses: [10.0.1.4, "fd00:0:0:1::4"]}
              - {network: blue, name: eth1, addresses: [10.0.2.4, "fd00:0:0:2::4"]}
      """;

  private static final NetnsRef A = NetnsRef.named("a");
  private static final NetnsRef C = NetnsRef.named("c");
  private static final int BYTES = 1 << 20;

  @Test
  void aCheckOfAllPairsAgrees(Node node) {
    apply(node, TOPOLOGY);
    Topology topology = TestTopologies.read(TOPOLOGY);
    Map<String, Netns> open = new HashMap<>();
    try {
      topology.endpoints().forEach(e -> open.put(e.name(), Netns.open(node.published(e.netns()))));
      CheckReport report =
          new Prober(Expected.everythingConnected())
              .run(topology, datapath().name(), target(node, open));
      assertThat(report.disagree()).isEmpty();
      assertThat(report.agree()).isEqualTo(report.probes()).isGreaterThan(100);
    } finally {
      open.values().forEach(Netns::close);
    }
  }

  private static CheckTarget target(Node node, Map<String, Netns> open) {
    return new CheckTarget() {
      @Override
      public Netns node() {
        return node.netns();
      }

      @Override
      public Netns endpoint(String name) {
        return open.get(name);
      }
    };
  }

  @Test
  void endpointsGatewaysAndTheNodeAnswerPings(Node node) {
    apply(node, TOPOLOGY);
    for (String to :
        List.of(
            "10.0.1.1",
            "10.0.1.3",
            "10.0.2.1",
            "10.0.2.2",
            "10.0.1.4",
            "10.0.2.4",
            "fd00:0:0:1::1",
            "fd00:0:0:1::3",
            "fd00:0:0:2::1",
            "fd00:0:0:2::2",
            "fd00:0:0:2::4")) {
      assertAnswers(node, A, to);
    }
    for (String to : List.of("10.0.1.2", "10.0.2.2", "fd00:0:0:1::2", "fd00:0:0:2::2")) {
      assertAnswers(node, NetnsRef.NODE, to);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "a, b, 10.0.1.3, 10.0.1.2",
    "a, c, 10.0.2.2, 10.0.1.2",
    "c, a, 10.0.1.2, 10.0.2.2",
    "a, b, fd00:0:0:1::3, fd00:0:0:1::2",
    "a, c, fd00:0:0:2::2, fd00:0:0:1::2",
    "d, c, 10.0.2.2, 10.0.2.4",
    "d, a, 10.0.1.2, 10.0.1.4"
  })
  void tcpAndUdpCarryAPayloadAndKeepTheSender(
      String from, String to, String address, String sender, Node node) {
    apply(node, TOPOLOGY);
    Conversation conversation = new Conversation(node);
    NetnsRef client = NetnsRef.named(from);
    NetnsRef server = NetnsRef.named(to);
    assertThat(conversation.tcp(client, server, ip(address), BYTES)).isEqualTo(ip(sender));
    assertThat(conversation.udp(client, server, ip(address))).isTrue();
  }

  @Test
  void theNodeAndItsEndpointsTalkTcpBothWays(Node node) {
    apply(node, TOPOLOGY);
    Conversation conversation = new Conversation(node);
    assertThat(conversation.tcp(NetnsRef.NODE, C, ip("10.0.2.2"), BYTES)).isEqualTo(ip("10.0.2.1"));
    assertThat(conversation.tcp(C, NetnsRef.NODE, ip("fd00:0:0:2::1"), BYTES))
        .isEqualTo(ip("fd00:0:0:2::2"));
  }

  @ParameterizedTest
  @CsvSource({"10.0.1.2, 10.0.2.2", "fd00:0:0:1::2, fd00:0:0:2::2"})
  void sctpGetsAcross(String from, String to, Node node) {
    apply(node, TOPOLOGY);
    Sctp init = Sctp.init(40000, 7, 0x5ca1ab1e);
    try (SctpEar ear = SctpEar.in(node, C, ip(to).isV6())) {
      Wire.sendIp(node, A, ip(from), ip(to), init);
      assertThat(ear.await(init::equals, Service.SOON)).isPresent();
    }
  }
}
