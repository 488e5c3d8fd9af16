package dev.sluice.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.TestNetwork;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GeneratorTest {

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

  @ParameterizedTest
  @EnumSource(names = {"SAME_CPU", "CROSS_CPU"})
  void countsEveryTransactionOverLoopback(Mode mode) throws Exception {
    try (Connection connection = Connection.open(network.loopback(), LIMIT)) {
      Sample sample = generator.run(new RequestResponse(mode).on(connection), SLICE);
      assertThat(sample).isInstanceOf(Sample.RoundTrips.class);
      Sample.RoundTrips trips = (Sample.RoundTrips) sample;
      assertThat(trips.histogram().getTotalCount()).isGreaterThan(10);
      double timed = trips.histogram().getMean() * trips.histogram().getTotalCount();
      assertThat(timed)
          .as("a closed loop is timed without gaps")
          .isBetween(0.95 * SLICE.toNanos(), 1e9 * LIMIT.toSeconds());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bothWorkloadsCrossAVethPairAgainAndAgain(boolean v6) throws Exception {
    Endpoints endpoints = network.vethPair(v6);
    try (Connection trips = Connection.open(endpoints, LIMIT);
        Connection stream = Connection.open(endpoints, LIMIT)) {
      for (int i = 0; i < 3; i++) {
        for (Mode mode : Mode.PINNED) {
          Sample rtt = generator.run(new RequestResponse(mode).on(trips), SLICE);
          assertThat(rtt.typical()).isPositive();
          Sample bulk = generator.run(new BulkStream(mode).on(stream), SLICE);
          assertThat(((Sample.Throughput) bulk).nanos()).isGreaterThanOrEqualTo(SLICE.toNanos());
          assertThat(((Sample.Throughput) bulk).bytes()).isPositive();
        }
      }
    }
  }

  @Test
  void aSliceLeavesTheConnectionEmpty() throws Exception {
    try (Connection connection = Connection.open(network.loopback(), LIMIT)) {
      generator.run(new BulkStream(Mode.CROSS_CPU).on(connection), SLICE);
      // A byte of the stream left behind would be taken for an answer, or for a request to stop.
      Sample trips = generator.run(new RequestResponse(Mode.CROSS_CPU).on(connection), SLICE);
      assertThat(((Sample.RoundTrips) trips).histogram().getTotalCount()).isGreaterThan(10);
    }
  }

  @Test
  void aConnectionThatBreaksIsAnErrorAndTheGeneratorGoesOn() throws Exception {
    Endpoints endpoints = network.loopback();
    try (Connection broken = Connection.open(endpoints, LIMIT);
        Connection whole = Connection.open(endpoints, LIMIT)) {
      broken.server().shutdownOutput();
      assertThatThrownBy(() -> generator.run(new RequestResponse(Mode.SAME_CPU).on(broken), SLICE))
          .isInstanceOf(IOException.class);
      assertThat(broken.client().isOpen()).isFalse();
      assertThat(generator.run(new RequestResponse(Mode.SAME_CPU).on(whole), SLICE).typical())
          .isPositive();
    }
  }

  @Test
  void aPathThatSwallowsEverythingEndsInAnError() throws Exception {
    Endpoints endpoints = network.vethPair(false);
    try (Connection connection = Connection.open(endpoints, LIMIT)) {
      TestNetwork.ip(endpoints.server(), "link set eth0 down");
      assertThatThrownBy(
              () -> generator.run(new RequestResponse(Mode.SAME_CPU).on(connection), SLICE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no end 5 s after");
      assertThatThrownBy(() -> Connection.open(endpoints, Duration.ofMillis(200)))
          .isInstanceOf(IOException.class);
    }
  }
}
