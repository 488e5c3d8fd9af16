package dev.sluice.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.core.check.Probe.Kind;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.topology.Topology;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The check against a topology that ip(8) made, whole and then broken in one place at a time. */
class ProberTest {

  private static final Topology TWO_SUBNETS = Topologies.twoSubnets();

  private Lab lab;

  @BeforeEach
  void setUp() {
    lab = new Lab(TWO_SUBNETS);
  }

  @AfterEach
  void tearDown() {
    lab.close();
  }

  private CheckReport check(Expected expected) {
    return new Prober(expected).run(TWO_SUBNETS, "bridge", lab);
  }

  private List<String> disagreements() {
    return check(Expected.everythingConnected()).disagree().stream()
        .map(ProberTest::describe)
        .toList();
  }

  private static String describe(Disagreement d) {
    return String.join(" ", d.from(), d.to(), d.address(), d.protocol(), d.kind(), d.seen());
  }

  @Test
  void everythingAgreesOnAWholeTopologyAndIsQuick() {
    long start = System.nanoTime();
    CheckReport report = check(Expected.everythingConnected());
    long elapsed = System.nanoTime() - start;
    // Per family and endpoint: own address, gateway and node by three transports, and the other
    // endpoint by three and by one large packet.
    assertThat(report)
        .isEqualTo(new CheckReport("test", "bridge", 52, 52, List.of(), false, 2, 2, 0, 0));
    assertThat(Duration.ofNanos(elapsed)).isLessThan(Duration.ofMillis(1500));
  }

  @Test
  void aBlackholeInTheNodeIsSeenFromBothSides() {
    lab.onNode("ip route add blackhole 10.0.2.2/32");
    assertThat(disagreements())
        .containsExactlyInAnyOrder(
            "client server 10.0.2.2 tcp endpoint deny",
            "client server 10.0.2.2 udp endpoint deny",
            "client server 10.0.2.2 icmp endpoint deny",
            "client server 10.0.2.2 icmp mtu deny",
            "node server 10.0.2.2 tcp node deny",
            "node server 10.0.2.2 udp node deny",
            "node server 10.0.2.2 icmp node deny",
            "server node 10.0.2.1 tcp gateway no-answer",
            "server node 10.0.2.1 icmp gateway no-answer",
            "server client 10.0.1.2 tcp endpoint no-answer",
            "server client 10.0.1.2 icmp endpoint no-answer");
  }

  @Test
  void aSmallerMtuThanDeclaredIsSeenByLargePacketsOnly() {
    lab.onNode("ip link set server-eth0 mtu 1400");
    lab.in("server", "ip link set eth0 mtu 1400");
    assertThat(disagreements())
        .containsExactlyInAnyOrder(
            "client server 10.0.2.2 icmp mtu deny",
            "client server fd00:0:0:2::2 icmp mtu deny",
            "server client 10.0.1.2 icmp mtu deny",
            "server client fd00:0:0:1::2 icmp mtu deny");
  }

  @Test
  void aRouterThatKnowsTheSmallerMtuIsQuoted() {
    lab.onNode("ip route add 10.0.2.2/32 dev blue mtu lock 1400");
    assertThat(check(Expected.everythingConnected()).disagree())
        .extracting(Disagreement::detail)
        .containsExactly("nothing arrived; 10.0.1.1 says: too big, the next hop takes 1400 bytes");
  }

  @Test
  void aLinkThatIsDownIsSeenInItsFamilyAndDirections() {
    lab.in("server", "ip link set eth0 down");
    assertThat(check(Expected.everythingConnected()).disagree())
        .isNotEmpty()
        .allMatch(d -> d.from().equals("server") || d.to().equals("server"))
        .noneMatch(d -> d.kind().equals("self") && d.address().equals("10.0.2.2"))
        .filteredOn(d -> d.to().equals("server") && !d.kind().equals("self"))
        .hasSize(14)
        .allMatch(d -> d.seen().equals("deny"));
  }

  @Test
  void oneFilteredTransportIsTheOnlyDisagreement() {
    dropUdpToServer();
    assertThat(disagreements()).containsExactly("client server 10.0.2.2 udp endpoint deny");
  }

  @Test
  void aDenialThatIsWantedAgreesAndOneThatIsMissingDoesNot() {
    Expected noUdpToServer =
        probe ->
            !(probe.transport() == Transport.UDP
                && probe.kind() == Kind.ENDPOINT
                && probe.destination().toString().equals("10.0.2.2"));
    assertThat(check(noUdpToServer).disagree())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.expected()).isEqualTo("deny");
              assertThat(d.seen()).isEqualTo("pass");
            });
    dropUdpToServer();
    assertThat(check(noUdpToServer).disagree()).isEmpty();
  }

  @Test
  void anotherSenderThanTheEndpointsIsSeen() {
    lab.onNode(
        "nft -f -",
        "table ip t { chain c {",
        "type nat hook postrouting priority srcnat;",
        "ip saddr 10.0.1.2 oifname blue masquerade",
        "}",
        "}");
    assertThat(check(Expected.everythingConnected()).disagree())
        .hasSize(4)
        .allSatisfy(
            d -> {
              assertThat(d.seen()).isEqualTo("altered");
              assertThat(d.detail()).isEqualTo("arrived from 10.0.2.1, not from 10.0.1.2");
            });
  }

  @Test
  void checksAtTheSameTimeDoNotDisturbOneAnother() {
    List<CompletableFuture<CheckReport>> checks =
        List.of(
            CompletableFuture.supplyAsync(() -> check(Expected.everythingConnected())),
            CompletableFuture.supplyAsync(() -> check(Expected.everythingConnected())));
    assertThat(checks).allMatch(c -> c.join().disagree().isEmpty());
  }

  @Test
  void aBusyWorkloadIsNoDisturbance() throws Exception {
    try (Lab.Background server = lab.start("server", "iperf3 -s -p 5201");
        Lab.Background client =
            lab.start("client", "timeout 20 sh -c", "until iperf3 -c 10.0.2.2 -t 10; do :; done")) {
      Thread.sleep(1000);
      assertThat(server.isAlive() && client.isAlive()).isTrue();
      assertThat(disagreements()).isEmpty();
    }
  }

  @Test
  void theReportHasTheDocumentedJson() throws Exception {
    dropUdpToServer();
    CheckReport report = check(Expected.everythingConnected());
    JsonNode json = new ObjectMapper().readTree(new ObjectMapper().writeValueAsString(report));
    assertThat(json)
        .isEqualTo(
            new ObjectMapper()
                .readTree(
                    """
                    {"topology": "test", "datapath": "bridge", "probes": 52, "agree": 51,
                     "disagree": [
                       {"from": "client", "to": "server", "address": "10.0.2.2",
                        "protocol": "udp", "port": 9, "kind": "endpoint",
                        "expected": "pass", "seen": "deny", "detail": "nothing arrived"}],
                     "sampled": false, "pairs": 2, "allPairs": 2, "ports": 0, "allPorts": 0}
                    """));
  }

  private void dropUdpToServer() {
    lab.onNode(
        "nft -f -",
        "table ip t { chain c {",
        "type filter hook forward priority 0;",
        "ip daddr 10.0.2.2 udp dport 9 drop",
        "}",
        "}");
  }
}
