package dev.sluice.core.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.check.Probe.Kind;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.Received;
import dev.sluice.core.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rounds of probes to two ports by three transports, both families. */
class ProbeRoundTest {

  private static final Topology TOPOLOGY = Topologies.twoSubnets();
  private static final List<Integer> PORTS = List.of(80, 81);
  private static final List<Transport> TRANSPORTS =
      List.of(Transport.TCP, Transport.UDP, Transport.SCTP);

  private Lab lab;

  @BeforeEach
  void setUp() {
    lab = new Lab(TOPOLOGY);
  }

  @AfterEach
  void tearDown() {
    lab.close();
  }

  private static List<Expectation> everywhere(boolean passes) {
    List<Expectation> out = new ArrayList<>();
    for (Expectation e :
        Expectations.of(
            TOPOLOGY, Expected.everythingConnected(), EndpointPairs.of(TOPOLOGY, 1000))) {
      Probe p = e.probe();
      if (p.kind() == Kind.ENDPOINT && p.transport() == Transport.UDP) {
        for (Transport transport : TRANSPORTS) {
          for (int port : PORTS) {
            Probe probe =
                new Probe(
                    p.from(),
                    p.to(),
                    p.source(),
                    p.destination(),
                    transport,
                    port,
                    Kind.ENDPOINT,
                    OptionalInt.empty());
            out.add(new Expectation(probe, passes));
          }
        }
      }
    }
    return out;
  }

  private List<String> disagreements(boolean passes) {
    return ProbeRound.quick(lab, everywhere(passes)).stream()
        .filter(o -> !o.agrees())
        .map(
            o ->
                "%s %s/%d %s"
                    .formatted(
                        o.probe().destination(),
                        o.probe().transport(),
                        o.probe().port(),
                        o.seen().label()))
        .toList();
  }

  private void onForward(String... rules) {
    lab.onNode(
        "nft -f -",
        "table inet t { chain c {",
        "type filter hook forward priority 0;",
        String.join("\n", rules),
        "}",
        "}");
  }

  @Test
  void everyTransportGetsToEveryPort() {
    assertThat(everywhere(true)).hasSize(24);
    assertThat(disagreements(true)).isEmpty();
  }

  @Test
  void eachTransportAndPortIsToldFromTheOthers() {
    onForward(
        "ip daddr 10.0.2.2 tcp dport 80 drop",
        "ip daddr 10.0.1.2 udp dport 81 drop",
        "ip6 daddr fd00:0:0:2::2 sctp dport 81 drop");
    assertThat(disagreements(true))
        .containsExactlyInAnyOrder(
            "10.0.2.2 TCP/80 deny", "10.0.1.2 UDP/81 deny", "fd00:0:0:2::2 SCTP/81 deny");
  }

  @Test
  void aSegmentWithoutAnAnswerDoesNotPass() {
    onForward("ip saddr 10.0.2.2 tcp flags & rst == rst drop");
    assertThat(disagreements(true))
        .containsExactlyInAnyOrder("10.0.2.2 TCP/80 no-answer", "10.0.2.2 TCP/81 no-answer");
  }

  /** The checksum of an INIT is right: conntrack looks at it. */
  @Test
  void conntrackTakesAnInitForTheBeginningOfAnAssociation() {
    onForward("ct state invalid drop");
    assertThat(disagreements(true)).isEmpty();
  }

  @Test
  void whatIsDeniedIsSoonKnownToBe() {
    onForward("drop");
    disagreements(false);
    long start = System.nanoTime();
    assertThat(disagreements(false)).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
  }

  /**
   * Whatever is let through although it should not be is seen, without one probe of the round to
   * wait for, with neighbours unknown at first, and while the node forwards all that its CPUs can.
   */
  @Test
  void nothingThatPassesIsTakenForDenied() {
    String flood = "iperf3 -u -b 0 -l 64 -P 4 -t 20 -c 10.0.2.2";
    try (Lab.Background server = lab.start("server", "iperf3 -s");
        Lab.Background client =
            lab.start("client", "timeout 20 sh -c", "until " + flood + "; do :; done")) {
      for (int round = 0; round < 300; round++) {
        assertThat(disagreements(false)).hasSize(24).allMatch(d -> d.endsWith(" pass"));
      }
      assertThat(server.isAlive() && client.isAlive()).isTrue();
    }
  }

  @Test
  void eachRoundHasSourcePortsOfItsOwn() {
    Set<Integer> ports = new HashSet<>();
    try (RawSocket socket =
        lab.endpoint("server").call(() -> RawSocket.ip(false, Udp.PROTOCOL, true))) {
      for (int round = 0; round < 5; round++) {
        assertThat(disagreements(true)).isEmpty();
      }
      Optional<Received> received = socket.receive(Duration.ZERO);
      while (received.isPresent()) {
        ports.add(((Udp) Ipv4.decode(received.get().data()).payload()).sourcePort());
        received = socket.receive(Duration.ZERO);
      }
    }
    assertThat(ports).hasSize(5).allMatch(p -> p > 60_999);
  }
}
