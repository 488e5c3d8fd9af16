package dev.sluice.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.TestNetwork;
import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What all workloads have in common, and what is special to some. */
@Timeout(120)
class WorkloadsTest {

  private static final Duration LIMIT = Duration.ofSeconds(3);
  private static final Duration SLICE = Duration.ofMillis(40);
  private static final int HELD = 200;

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

  private static Stream<Workload> all() {
    return Mode.PINNED.stream()
        .flatMap(
            mode ->
                Stream.of(
                    new RequestResponse(mode),
                    RequestResponse.large(mode),
                    new OpenLoop(mode),
                    new ConnectRequestResponse(mode),
                    new UdpRequestResponse(mode),
                    new UdpNewFlow(mode),
                    new BulkStream(mode),
                    new BulkStreams(mode, 4),
                    new UdpFlood(mode),
                    new HeldConnections(mode, HELD)));
  }

  private static Stream<Arguments> allOnBothFamilies() {
    return all().flatMap(w -> Stream.of(Arguments.of(w, false), Arguments.of(w, true)));
  }

  @ParameterizedTest
  @MethodSource("allOnBothFamilies")
  void crossesAVethPairFromSliceToSlice(Workload workload, boolean v6) throws Exception {
    Endpoints endpoints = network.vethPair(v6);
    try (Session session = workload.open(endpoints, LIMIT)) {
      for (int i = 0; i < 3; i++) {
        Sample sample = generator.run(session, SLICE);
        assertThat(sample.typical()).isPositive();
        assertThat(sample.units()).isPositive();
        sample.times().ifPresent(t -> assertThat(t.getTotalCount()).isEqualTo(sample.units()));
      }
    }
  }

  /** As on a topology where policy leaves one port open. */
  @Test
  void allCanStandAtOnePortAtOnce() throws Exception {
    Endpoints any = network.vethPair(false);
    Endpoints endpoints =
        new Endpoints(
            any.client(), any.server(), any.serverAddress(), 20_000, OptionalInt.of(20_000));
    List<Workload> workloads = all().toList();
    List<Session> sessions = new ArrayList<>();
    try {
      for (Workload workload : workloads) {
        sessions.add(workload.open(endpoints, LIMIT));
      }
      for (int round = 0; round < 2; round++) {
        for (Session session : sessions) {
          assertThat(generator.run(session, SLICE).units()).isPositive();
        }
      }
    } finally {
      for (Session session : sessions) {
        session.close();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aSessionThatIsClosedIsAnErrorAndTheGeneratorGoesOn(Workload workload) throws Exception {
    Endpoints endpoints = network.loopback();
    Session broken = workload.open(endpoints, LIMIT);
    broken.close();
    try (Session whole = workload.open(endpoints, LIMIT)) {
      assertThatThrownBy(() -> generator.run(broken, SLICE)).isInstanceOf(IOException.class);
      assertThat(generator.run(whole, SLICE).typical()).isPositive();
    }
  }

  @Test
  void anOpenLoopSendsAllThatWasIntended() throws Exception {
    try (Session session = new OpenLoop(Mode.CROSS_CPU).open(network.loopback(), LIMIT)) {
      Histogram latencies = generator.run(session, Duration.ofMillis(200)).times().orElseThrow();
      assertThat(latencies.getTotalCount()).isEqualTo(OpenLoop.PER_SECOND / 5);
    }
  }

  /** A stall of 100 ms delays the 500 requests of that time; a closed loop would count one. */
  @Test
  void aStallCountsForAllThatItDelays() throws Exception {
    try (Session session = new OpenLoop(Mode.CROSS_CPU).open(network.loopback(), LIMIT)) {
      generator.run(session, SLICE);
      Histogram latencies =
          generator.run(new Stalling(session), Duration.ofMillis(300)).times().orElseThrow();
      assertThat(latencies.getTotalCount()).isEqualTo(OpenLoop.PER_SECOND * 3 / 10);
      long late = latencies.getTotalCount() - latencies.getCountBetweenValues(0, 20_000_000);
      assertThat(late).isGreaterThan(300);
      assertThat(latencies.getMaxValue()).isGreaterThan(95_000_000);
    }
  }

  /** Its server answers nothing for 100 ms. */
  private record Stalling(Session session) implements Session {
    @Override
    public Mode mode() {
      return session.mode();
    }

    @Override
    public Exchange exchange(Duration length) throws IOException {
      Exchange exchange = session.exchange(length);
      return new Exchange() {
        @Override
        public void client() throws IOException {
          exchange.client();
        }

        @Override
        public void server() throws IOException {
          sleep(100);
          exchange.server();
        }

        @Override
        public Sample sample() {
          return exchange.sample();
        }
      };
    }

    @Override
    public void close() {}
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void lossIsWhatDidNotArrive() throws Exception {
    Endpoints endpoints = network.vethPair(false);
    try (Session session = new UdpFlood(Mode.CROSS_CPU).open(endpoints, LIMIT)) {
      Sample.Packets packets = (Sample.Packets) generator.run(session, SLICE);
      assertThat(packets.received()).isLessThanOrEqualTo(packets.sent());
      assertThat(packets.extras().get("loss")).isBetween(0.0, 1.0);
      assertThat(packets.typical()).isPositive();
    }
    assertThat(new Sample.Packets(100, 75, 1_000_000_000).extras()).containsEntry("loss", 0.25);
    assertThat(new Sample.Packets(100, 75, 500_000_000).typical()).isEqualTo(150);
  }

  @Test
  void heldConnectionsStandWhileOneIsTimedAndAreGoneAfterwards() throws Exception {
    Endpoints endpoints = network.vethPair(false);
    TestNetwork.track(endpoints.server());
    try (Session session = new HeldConnections(Mode.SAME_CPU, HELD).open(endpoints, LIMIT)) {
      Sample.Held held = (Sample.Held) generator.run(session, SLICE);
      assertThat(held.held()).isEqualTo(HELD);
      assertThat(held.extras()).containsKeys("held", "bytesPerConnection");
      assertThat(established(endpoints.client())).isEqualTo(1);
      try (Exchange exchange = session.exchange(SLICE)) {
        assertThat(exchange).isNotNull();
        assertThat(established(endpoints.client())).isEqualTo(1 + HELD);
      }
      assertThat(established(endpoints.client())).isEqualTo(1);
    }
    assertThat(new HeldConnections(Mode.SAME_CPU, 10).fits()).isTrue();
    assertThat(new HeldConnections(Mode.SAME_CPU, 1 << 30).fits()).isFalse();
  }

  private static long established(Netns netns) {
    return netns.call(
        () ->
            Files.readAllLines(Path.of("/proc/thread-self/net/tcp")).stream()
                .filter(line -> line.strip().split(" +", -1)[3].equals("01"))
                .count());
  }
}
