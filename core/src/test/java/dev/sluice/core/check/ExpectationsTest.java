package dev.sluice.core.check;

import static dev.sluice.core.check.Topologies.endpoint;
import static dev.sluice.core.check.Topologies.iface;
import static dev.sluice.core.check.Topologies.network;
import static dev.sluice.core.check.Topologies.topology;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.check.Probe.Kind;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.topology.Topology;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExpectationsTest {

  private static final int PLENTY = 100_000;

  private static List<Probe> probes(Topology topology, Kind kind) {
    return Expectations.of(
            topology, Expected.everythingConnected(), EndpointPairs.of(topology, PLENTY))
        .stream()
        .map(Expectation::probe)
        .filter(p -> p.kind() == kind)
        .toList();
  }

  /** The ICMP probes stand for those of the other transports, which have their own test. */
  private static List<String> lines(Topology topology, Kind kind) {
    return probes(topology, kind).stream()
        .filter(p -> p.transport() == Transport.ICMP)
        .map(
            p ->
                "%s %s -> %s %s"
                    .formatted(p.from().label(), p.source(), p.to().label(), p.destination()))
        .toList();
  }

  @Test
  void everyTransportIsProbedOnAPortNobodyMinds() {
    assertThat(probes(Topologies.twoSubnets(), Kind.ENDPOINT))
        .hasSize(12)
        .extracting(p -> p.transport() + " " + p.port())
        .containsOnly("TCP 9", "UDP 9", "ICMP 0");
  }

  @Test
  void twoSubnets() {
    Topology topology = Topologies.twoSubnets();
    assertThat(lines(topology, Kind.ENDPOINT))
        .containsExactly(
            "client 10.0.1.2 -> server 10.0.2.2",
            "client fd00:0:0:1::2 -> server fd00:0:0:2::2",
            "server 10.0.2.2 -> client 10.0.1.2",
            "server fd00:0:0:2::2 -> client fd00:0:0:1::2");
    assertThat(lines(topology, Kind.GATEWAY))
        .containsExactly(
            "client 10.0.1.2 -> node 10.0.1.1",
            "client fd00:0:0:1::2 -> node fd00:0:0:1::1",
            "server 10.0.2.2 -> node 10.0.2.1",
            "server fd00:0:0:2::2 -> node fd00:0:0:2::1");
    assertThat(lines(topology, Kind.NODE))
        .containsExactly(
            "node 10.0.1.1 -> client 10.0.1.2",
            "node fd00:0:0:1::1 -> client fd00:0:0:1::2",
            "node 10.0.2.1 -> server 10.0.2.2",
            "node fd00:0:0:2::1 -> server fd00:0:0:2::2");
    assertThat(lines(topology, Kind.SELF))
        .contains("client 10.0.1.2 -> client 10.0.1.2")
        .hasSize(4);
  }

  @Test
  void aMultiHomedEndpointSendsFromTheNetworkThatTheOtherIsInOrElseFromItsFirst() {
    Topology topology =
        topology(
            List.of(
                network("red", 1500, "10.0.1.0/24"),
                network("blue", 1500, "10.0.2.0/24"),
                network("green", 1500, "10.0.3.0/24")),
            endpoint("both", iface("red", "eth0", "10.0.1.2"), iface("blue", "eth1", "10.0.2.2")),
            endpoint("blue", iface("blue", "eth0", "10.0.2.3")),
            endpoint("green", iface("green", "eth0", "10.0.3.2")));
    assertThat(lines(topology, Kind.ENDPOINT))
        .containsExactlyInAnyOrder(
            "both 10.0.2.2 -> blue 10.0.2.3",
            "both 10.0.1.2 -> green 10.0.3.2",
            "blue 10.0.2.3 -> both 10.0.1.2",
            "blue 10.0.2.3 -> both 10.0.2.2",
            "blue 10.0.2.3 -> green 10.0.3.2",
            "green 10.0.3.2 -> both 10.0.1.2",
            "green 10.0.3.2 -> both 10.0.2.2",
            "green 10.0.3.2 -> blue 10.0.2.3");
  }

  @Test
  void theFirstInterfaceIsTheFirstOfThatFamily() {
    Topology topology =
        topology(
            List.of(
                network("red", 1500, "10.0.1.0/24"),
                network("blue", 1500, "fd00:2::/64"),
                network("green", 1500, "10.0.3.0/24", "fd00:3::/64")),
            endpoint("both", iface("red", "eth0", "10.0.1.2"), iface("blue", "eth1", "fd00:2::2")),
            endpoint("green", iface("green", "eth0", "10.0.3.2", "fd00:3::2")));
    assertThat(lines(topology, Kind.ENDPOINT))
        .contains("both 10.0.1.2 -> green 10.0.3.2", "both fd00:2::2 -> green fd00:3::2")
        .hasSize(4);
  }

  @Test
  void nothingIsProbedInAFamilyThatOneOfTheTwoLacks() {
    Topology topology =
        topology(
            List.of(network("red", 1500, "10.0.1.0/24", "fd00:1::/64")),
            endpoint("four", iface("red", "eth0", "10.0.1.2")),
            endpoint("six", iface("red", "eth0", "fd00:1::2")));
    assertThat(lines(topology, Kind.ENDPOINT)).isEmpty();
    assertThat(lines(topology, Kind.NODE)).hasSize(2);
  }

  @Test
  void aRouterThatIsNotTheNodePromisesNothing() {
    Topology topology =
        topology(
            List.of(
                network("wire", 1500, false, "10.0.1.0/24"), network("blue", 1500, "10.0.2.0/24")),
            endpoint("one", iface("wire", "eth0", "10.0.1.2")),
            endpoint("two", iface("wire", "eth0", "10.0.1.3")),
            endpoint("blue", iface("blue", "eth0", "10.0.2.2")));
    assertThat(lines(topology, Kind.ENDPOINT))
        .containsExactlyInAnyOrder("one 10.0.1.2 -> two 10.0.1.3", "two 10.0.1.3 -> one 10.0.1.2");
    assertThat(lines(topology, Kind.GATEWAY)).containsExactly("blue 10.0.2.2 -> node 10.0.2.1");
    assertThat(lines(topology, Kind.NODE)).containsExactly("node 10.0.2.1 -> blue 10.0.2.2");
  }

  @Test
  void largePacketsHaveTheSmallerMtuOfTheTwoNetworks() {
    Topology topology =
        topology(
            List.of(network("big", 9000, "10.0.1.0/24"), network("small", 1400, "10.0.2.0/24")),
            endpoint("a", iface("big", "eth0", "10.0.1.2")),
            endpoint("b", iface("big", "eth0", "10.0.1.3")),
            endpoint("c", iface("small", "eth0", "10.0.2.2")));
    assertThat(
            probes(topology, Kind.MTU).stream()
                .collect(
                    Collectors.toMap(
                        p -> p.from().label() + p.to().label(), p -> p.size().orElseThrow())))
        .containsEntry("ab", 9000)
        .containsEntry("ac", 1400)
        .containsEntry("ca", 1400)
        .hasSize(6);
  }

  @Test
  void whatMustPassIsSaidByTheEvaluator() {
    List<Expectation> expectations =
        Expectations.of(
            Topologies.twoSubnets(),
            p -> p.transport() != Transport.UDP,
            EndpointPairs.of(Topologies.twoSubnets(), PLENTY));
    assertThat(expectations)
        .allMatch(e -> e.passes() == (e.probe().transport() != Transport.UDP))
        .anyMatch(e -> !e.passes());
  }

  @Test
  void allPairsAreTakenWhereThereIsRoom() {
    for (int count : List.of(0, 1, 2, 3, 4, 7, 63)) {
      EndpointPairs pairs = EndpointPairs.of(Topologies.many(count, 3), PLENTY);
      assertThat(pairs.pairs()).doesNotHaveDuplicates().hasSize(Math.max(0, count * (count - 1)));
      assertThat(pairs.pairs()).noneMatch(p -> p.from().equals(p.to()));
      assertThat(pairs.sampled()).isFalse();
    }
  }

  @Test
  void aLargeTopologyIsSampledAndNobodyIsLeftOut() {
    EndpointPairs pairs = EndpointPairs.of(Topologies.many(1000, 10), PLENTY);
    assertThat(pairs.sampled()).isTrue();
    assertThat(pairs.pairs()).doesNotHaveDuplicates().hasSize(3000);
    assertThat(pairs.pairs().stream().collect(Collectors.groupingBy(EndpointPairs.Pair::from)))
        .hasSize(1000)
        .allSatisfy((from, to) -> assertThat(to).hasSize(3));
  }

  @Test
  void pairsOfOneNetworkTakeNoMoreNeighboursThanThereIsRoomFor() {
    // 10 endpoints of each of two networks: 45 pairs within each, 100 between them.
    EndpointPairs pairs = EndpointPairs.of(Topologies.many(20, 2), 60);
    assertThat(pairs.sampled()).isTrue();
    assertThat(pairs.pairs()).hasSize(2 * (100 + 30));
  }
}
