package dev.sluice.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.TestNetwork;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.sys.Sysctls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The workloads that begin a flow with each transaction. */
@Timeout(60)
class NewFlowsTest {

  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final Duration SLICE = Duration.ofMillis(30);

  private TestNetwork network;
  private Generator generator;

  @BeforeEach
  void start() throws InterruptedException {
    network = new TestNetwork();
    generator = new Generator(Mode.PINNED);
  }

  @AfterEach
  void stop() {
    generator.close();
    network.close();
  }

  private static Stream<Workload> workloads() {
    return Mode.PINNED.stream()
        .flatMap(mode -> Stream.of(new ConnectRequestResponse(mode), new UdpNewFlow(mode)));
  }

  private static Stream<Arguments> workloadsAndFamilies() {
    return workloads().flatMap(w -> Stream.of(Arguments.of(w, false), Arguments.of(w, true)));
  }

  @ParameterizedTest
  @MethodSource("workloadsAndFamilies")
  void everyTransactionIsAFlowOfItsOwnFromSliceToSlice(Workload workload, boolean v6)
      throws Exception {
    Endpoints endpoints = network.vethPair(v6);
    // The first packet waits until the ends know each other's MAC.
    Connection.open(endpoints, LIMIT).close();
    TestNetwork.track(endpoints.server());
    long untimed = 0;
    long transactions = 0;
    try (Session session = workload.open(endpoints, LIMIT)) {
      for (int i = 0; i < 3; i++) {
        Sample.RoundTrips trips = (Sample.RoundTrips) generator.run(session, SLICE);
        assertThat(trips.histogram().getTotalCount()).isPositive();
        assertThat(trips.typical()).isPositive();
        transactions += trips.histogram().getTotalCount();
        untimed++;
      }
    }
    assertThat(tracked(endpoints.server())).isEqualTo(transactions + untimed);
  }

  private static long tracked(Netns netns) {
    return Long.parseLong(netns.call(() -> Sysctls.read("net/netfilter/nf_conntrack_count")));
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void bothEndsMayBeInOneNamespace(Workload workload) throws Exception {
    try (Session session = workload.open(network.loopback(), LIMIT)) {
      assertThat(generator.run(session, SLICE).typical()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theServerIsTheEndThatLingers(boolean v6) throws Exception {
    Endpoints endpoints = network.vethPair(v6);
    long transactions;
    try (Session session = new ConnectRequestResponse(Mode.CROSS_CPU).open(endpoints, LIMIT)) {
      Sample.RoundTrips trips = (Sample.RoundTrips) generator.run(session, SLICE);
      transactions = trips.histogram().getTotalCount() + 1;
    }
    assertThat(lingering(endpoints.client())).isZero();
    assertThat(lingering(endpoints.server())).isEqualTo(transactions);
  }

  /** Connections in TIME_WAIT, of both families: proc(5), {@code /proc/net/sockstat}. */
  private static long lingering(Netns netns) {
    List<String> words =
        netns.call(
            () ->
                Files.readAllLines(Path.of("/proc/thread-self/net/sockstat")).stream()
                    .filter(line -> line.startsWith("TCP:"))
                    .flatMap(line -> Stream.of(line.split(" ", -1)))
                    .toList());
    return Long.parseLong(words.get(words.indexOf("tw") + 1));
  }

  @Test
  void everyConnectionIsTimedWithoutGaps() throws Exception {
    try (Session session =
        new ConnectRequestResponse(Mode.SAME_CPU).open(network.loopback(), LIMIT)) {
      Sample.RoundTrips trips = (Sample.RoundTrips) generator.run(session, SLICE);
      double timed = trips.histogram().getMean() * trips.histogram().getTotalCount();
      assertThat(timed).isBetween(0.95 * SLICE.toNanos(), 1e9 * LIMIT.toSeconds());
    }
  }

  @Test
  void aPortThatSomebodyHasIsPassedOver() throws Exception {
    Endpoints endpoints = network.vethPair(false);
    TestNetwork.track(endpoints.server());
    try (DatagramChannel taken = endpoints.client().call(DatagramChannel::open);
        Session session = new UdpNewFlow(Mode.SAME_CPU).open(endpoints, LIMIT)) {
      taken.bind(new InetSocketAddress(1025));
      Sample.RoundTrips trips = (Sample.RoundTrips) generator.run(session, SLICE);
      assertThat(tracked(endpoints.server())).isEqualTo(trips.histogram().getTotalCount() + 1);
    }
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void aSessionThatIsClosedIsAnErrorAndTheGeneratorGoesOn(Workload workload) throws Exception {
    Endpoints endpoints = network.loopback();
    Session broken = workload.open(endpoints, LIMIT);
    broken.close();
    try (Session whole = workload.open(endpoints, LIMIT)) {
      assertThatThrownBy(() -> generator.run(broken, SLICE)).isInstanceOf(IOException.class);
      assertThat(generator.run(whole, SLICE).typical()).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void aPathThatSwallowsEverythingEndsInAnError(Workload workload) throws Exception {
    Endpoints endpoints = network.vethPair(false);
    try (Session session = workload.open(endpoints, LIMIT)) {
      generator.run(session, SLICE);
      TestNetwork.swallow(endpoints.server());
      assertThatThrownBy(() -> generator.run(session, SLICE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no end 5 s after");
    }
  }
}
