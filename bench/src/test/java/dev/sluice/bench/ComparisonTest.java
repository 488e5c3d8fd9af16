package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.Result;
import dev.sluice.bench.stats.Verdict;
import dev.sluice.bench.workload.BulkStream;
import dev.sluice.bench.workload.ConnectRequestResponse;
import dev.sluice.bench.workload.Endpoints;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.RequestResponse;
import dev.sluice.bench.workload.UdpNewFlow;
import dev.sluice.core.error.SluiceException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ComparisonTest {

  private static final int MTU = 1500;
  private static final int ROUNDS = 6;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private TestNetwork network;
  private List<Candidate> candidates;
  private Set<String> socketsBefore;

  /** The JDK keeps one socket for ever from the first channel on. */
  @BeforeAll
  static void openTheFirstChannel() throws IOException {
    SocketChannel.open().close();
  }

  @BeforeEach
  void wire() throws IOException {
    network = new TestNetwork();
    candidates =
        List.of(
            new Candidate(Candidate.REFERENCE, network.vethPair(false), MTU),
            new Candidate(Candidate.LOOPBACK, network.loopback(), 65536),
            new Candidate(Candidate.TWIN, network.vethPair(false), MTU));
    socketsBefore = sockets();
  }

  @AfterEach
  void unwire() {
    network.close();
    registry.close();
  }

  private static Options options(int rounds, Duration slice) {
    return new Options(
        List.of(new RequestResponse(Mode.SAME_CPU), new BulkStream(Mode.SAME_CPU)),
        rounds,
        slice,
        Duration.ofMillis(100),
        1);
  }

  @Test
  void everyWorkloadIsMeasuredOnEveryCandidate() throws Exception {
    List<String> heard = new ArrayList<>();
    Results results =
        new Comparison(
                registry, (done, total, left, what) -> heard.add(done + "/" + total + " " + what))
            .run(candidates, options(ROUNDS, Duration.ofMillis(20)));

    assertThat(results.results())
        .extracting(result -> result.workload() + " " + result.candidate())
        .containsExactly(
            "tcp-rr veth",
            "tcp-rr loopback",
            "tcp-rr veth-again",
            "tcp-stream veth",
            "tcp-stream loopback",
            "tcp-stream veth-again");
    for (Result result : results.results()) {
      assertThat(result.cpus().orElseThrow().client())
          .isEqualTo(result.cpus().orElseThrow().server());
      assertThat(result.p50()).isPositive();
      assertThat(result.p90()).isGreaterThanOrEqualTo(result.p50());
      assertThat(result.p99()).isGreaterThanOrEqualTo(result.p90());
      assertThat(result.ratio().isPresent())
          .isEqualTo(!result.candidate().equals(Candidate.REFERENCE));
      assertThat(result.ratio().flatMap(Results.Ratio::interval).isPresent())
          .isEqualTo(result.ratio().isPresent());
      assertThat(result.noiseFloor()).isPresent();
      assertThat(result.noise().othersShare()).isBetween(0.0, 1.0);
      assertThat(result.figures()).hasSize(ROUNDS);
      if (result.candidate().equals(Candidate.TWIN)) {
        assertThat(result.verdict()).isIn(Verdict.LEVEL, Verdict.NOISY);
      }
    }
    assertThat(results.candidates())
        .extracting(Results.Path::mtu)
        .containsExactly(1500, 65536, 1500);
    assertThat(results.environment().kernel()).isEqualTo(System.getProperty("os.version"));
    assertThat(heard.get(0)).startsWith("0/").endsWith("warming up");
    assertThat(heard.get(heard.size() - 1)).endsWith(" done");
    assertThatNothingIsLeft();
  }

  /** No interval is as narrow as that, so that only the time ends it. */
  @Test
  void roundsAreAddedUntilTheTimeIsOver() throws Exception {
    Duration limit = Duration.ofSeconds(4);
    Options options =
        new Options(
            List.of(new RequestResponse(Mode.SAME_CPU)),
            ROUNDS,
            Duration.ofMillis(10),
            Duration.ofMillis(30),
            1,
            new Options.Extra(0, limit),
            0.01,
            Options.Scale.NONE);
    long start = System.nanoTime();
    Results results = new Comparison(registry, SliceListener.NONE).run(candidates, options);
    assertThat(results.results()).allMatch(r -> r.figures().size() > 2 * ROUNDS);
    assertThat(results.results()).extracting(r -> r.figures().size() % 5).containsOnly(ROUNDS % 5);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(limit.multipliedBy(2));
  }

  /** Any interval will do, also one of a machine that has other things to do. */
  @Test
  void noRoundIsAddedToWhatIsKnownWellEnough() throws Exception {
    Options options =
        new Options(
            List.of(new RequestResponse(Mode.SAME_CPU)),
            ROUNDS,
            Duration.ofMillis(10),
            Duration.ofMillis(30),
            1,
            new Options.Extra(1e6, Duration.ofMinutes(1)),
            0.01,
            Options.Scale.NONE);
    Results results = new Comparison(registry, SliceListener.NONE).run(candidates, options);
    assertThat(results.results()).allMatch(r -> r.figures().size() == ROUNDS);
  }

  @Test
  void newFlowsAreMeasuredBesideStandingOnes() throws Exception {
    Options options =
        new Options(
            List.of(
                new RequestResponse(Mode.SAME_CPU),
                new ConnectRequestResponse(Mode.CROSS_CPU),
                new UdpNewFlow(Mode.SAME_CPU)),
            2,
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            1);
    Results results = new Comparison(registry, SliceListener.NONE).run(candidates, options);
    assertThat(results.results())
        .extracting(Result::workload)
        .containsOnly("tcp-rr", "tcp-crr", "udp-new-flow");
    assertThat(results.results()).hasSize(9).allMatch(result -> result.p50() > 0);
    assertThatNothingIsLeft();
  }

  @Test
  void everySampleGoesThroughAMeter() throws Exception {
    Results results =
        new Comparison(registry, SliceListener.NONE)
            .run(candidates, options(ROUNDS, Duration.ofMillis(10)));
    for (Result result : results.results()) {
      if (result.workload().equals("tcp-rr")) {
        assertThat(
                registry
                    .get("sluice.bench.rtt")
                    .tags("datapath", result.candidate(), "workload", "tcp-rr", "mode", "same-cpu")
                    .timer()
                    .count())
            .isEqualTo(result.samples());
      } else {
        assertThat(
                registry
                    .get("sluice.bench.throughput")
                    .tags("datapath", result.candidate(), "workload", "tcp-stream")
                    .summary()
                    .count())
            .isEqualTo(ROUNDS);
      }
    }
  }

  @Test
  void anInterruptEndsItAtOnceAndLeavesNothing() throws Exception {
    CountDownLatch measuring = new CountDownLatch(3);
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    Thread runner =
        new Thread(
            () -> {
              try {
                new Comparison(registry, (done, total, left, what) -> measuring.countDown())
                    .run(candidates, options(1000, Duration.ofMillis(50)));
              } catch (InterruptedException | RuntimeException e) {
                outcome.set(e);
              }
            });
    runner.start();
    measuring.await();
    runner.interrupt();
    runner.join();
    assertThat(outcome.get()).isInstanceOf(InterruptedException.class);
    assertThatNothingIsLeft();
  }

  @Test
  void anInterruptBeforeTheStartCountsToo() throws Exception {
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () ->
                new Comparison(registry, SliceListener.NONE)
                    .run(candidates, options(1, Duration.ofMillis(10))))
        .isInstanceOf(InterruptedException.class);
    assertThatNothingIsLeft();
  }

  /** Left alone, this would end by the time limit of connecting, which is another exception. */
  @Test
  void anInterruptEndsAConnectionThatIsBeingMade() throws Exception {
    Endpoints dead = network.vethPair(false);
    TestNetwork.ip(dead.server(), "link set eth0 down");
    List<Candidate> withDead = new ArrayList<>(List.of(new Candidate("bridge", dead, MTU)));
    withDead.addAll(candidates);
    Thread runner = Thread.currentThread();
    Thread interrupter =
        new Thread(
            () -> {
              while (Thread.getAllStackTraces().keySet().stream()
                  .noneMatch(thread -> isConnecting(thread))) {
                Thread.onSpinWait();
              }
              runner.interrupt();
            });
    interrupter.start();
    assertThatThrownBy(
            () ->
                new Comparison(registry, SliceListener.NONE)
                    .run(withDead, options(1, Duration.ofMillis(10))))
        .isInstanceOf(InterruptedException.class);
    interrupter.join();
    assertThatNothingIsLeft();
  }

  private static boolean isConnecting(Thread thread) {
    return Stream.of(thread.getStackTrace())
        .anyMatch(frame -> frame.getMethodName().equals("blockingConnect"));
  }

  @Test
  void aCandidateThatCarriesNothingIsNamed() throws Exception {
    Endpoints dead = network.vethPair(false);
    TestNetwork.ip(dead.client(), "link set eth0 down");
    List<Candidate> withDead = new ArrayList<>(candidates);
    withDead.add(new Candidate("bridge", dead, MTU));
    assertThatThrownBy(
            () ->
                new Comparison(registry, SliceListener.NONE)
                    .run(withDead, options(1, Duration.ofMillis(10))))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("tcp-rr")
        .hasMessageContaining("over bridge")
        .hasMessageContaining("connect to 10.0.0.2");
    assertThatNothingIsLeft();
  }

  @Test
  void aConnectionThatBreaksIsNamed() throws Exception {
    Endpoints veth = candidates.get(0).endpoints();
    SliceListener cut =
        (done, total, left, what) -> {
          if (done == 20) {
            TestNetwork.ip(veth.client(), "link del eth0");
          }
        };
    assertThatThrownBy(
            () ->
                new Comparison(registry, cut).run(candidates, options(100, Duration.ofMillis(10))))
        .isInstanceOf(SluiceException.class)
        .hasMessageContaining("over veth: ");
    assertThatNothingIsLeft();
  }

  @Test
  void theControlsAreNotOptional() {
    Comparison comparison = new Comparison(registry, SliceListener.NONE);
    Options options = options(1, Duration.ofMillis(10));
    assertThatThrownBy(() -> comparison.run(candidates.subList(0, 2), options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(Candidate.TWIN);
    List<Candidate> twice = new ArrayList<>(candidates);
    twice.add(candidates.get(1));
    assertThatThrownBy(() -> comparison.run(twice, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two candidates named loopback");
  }

  private void assertThatNothingIsLeft() throws IOException {
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .noneMatch(name -> name.startsWith("sluice-"));
    assertThat(sockets()).isEqualTo(socketsBefore);
  }

  private static Set<String> sockets() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .map(ComparisonTest::target)
          .filter(target -> target.startsWith("socket:"))
          .collect(Collectors.toSet());
    }
  }

  /** Empty for the listing's own descriptor, which is gone by the time it is looked at. */
  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
