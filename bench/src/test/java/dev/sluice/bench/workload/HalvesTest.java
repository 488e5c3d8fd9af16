package dev.sluice.bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bench.TestNetwork;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two halves that have nothing in common but the wire between them. */
@Timeout(60)
class HalvesTest {

  private static final Duration LIMIT = Duration.ofSeconds(3);

  private TestNetwork network;
  private Generator here;
  private Generator there;

  @BeforeEach
  void start() throws InterruptedException {
    network = new TestNetwork();
    here = new Generator(List.of(Mode.SAME_CPU));
    there = new Generator(List.of(Mode.SAME_CPU));
  }

  @AfterEach
  void stop() {
    here.close();
    there.close();
    network.close();
  }

  /** One slice; the sample is that of the half that counts. */
  private Sample slice(Halves half, Endpoints ends, Duration length, Duration late)
      throws Exception {
    InetSocketAddress address =
        new InetSocketAddress(ends.serverAddress().toInetAddress(), ends.tcpPort());
    try (Halves.Serving server = half.listen(ends.server(), address)) {
      CompletableFuture<Sample> served =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  Thread.sleep(late.toMillis());
                  return there.run(server.session(), length);
                } catch (Exception e) {
                  throw new CompletionException(e);
                }
              });
      InetSocketAddress at = new InetSocketAddress(address.getAddress(), server.port());
      try (Session client = half.client(ends.client(), at, LIMIT)) {
        Sample sample = here.run(client, length);
        Sample counted = served.get();
        return half.countsAtServer() ? counted : sample;
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theShortestSliceThatOptionsTakeCounts(Halves half) throws Exception {
    Endpoints ends = network.vethPair(false);
    for (int i = 0; i < 5; i++) {
      Sample sample = slice(half, ends, Duration.ofMillis(1), Duration.ZERO);
      assertThat(sample.units()).isPositive();
      assertThat(sample.typical()).isPositive();
    }
  }

  /** As on a busy host, where whoever serves gets no CPU for a while. */
  @ParameterizedTest
  @EnumSource
  void aServerThatIsLateCountsAsLongAsItShould(Halves half) throws Exception {
    Sample sample =
        slice(half, network.vethPair(true), Duration.ofMillis(20), Duration.ofMillis(300));
    assertThat(sample.units()).isPositive();
    if (sample instanceof Sample.Throughput stream) {
      assertThat(stream.nanos()).isBetween(20_000_000L, 200_000_000L);
    }
  }

  /** Every third datagram is lost, on either way. */
  @Test
  void whatUdpLosesIsSentAgainAndItsTimeGoesOn() throws Exception {
    Endpoints ends = network.vethPair(false);
    TestNetwork.loseEveryThird(ends.server());
    TestNetwork.loseEveryThird(ends.client());
    Sample sample = slice(Halves.UDP_REQUEST_RESPONSE, ends, Duration.ofMillis(600), Duration.ZERO);
    assertThat(sample.units()).isBetween(3L, 60L);
    assertThat(sample.times().orElseThrow().getMaxValue()).isGreaterThan(90_000_000L);
  }
}
