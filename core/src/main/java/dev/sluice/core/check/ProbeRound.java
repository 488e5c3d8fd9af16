package dev.sluice.core.check;

import dev.sluice.core.sys.Affinity;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends probes side by side and tells what became of each. What has to pass is sent up to three
 * times within less than two seconds. Source ports are other ones in each round, so that what a
 * datapath remembers of the last does not decide.
 */
public final class ProbeRound {

  /** Source ports are above the range that Linux gives to workloads (ip_local_port_range). */
  private static final int FIRST_PORT = 61_000;

  private static final int PORTS = 65_536 - FIRST_PORT;

  private static final SecureRandom RANDOM = new SecureRandom();

  /** At random, for rounds of other processes may be under way. */
  private static final AtomicInteger ROUND = new AtomicInteger(RANDOM.nextInt(PORTS));

  private ProbeRound() {}

  /**
   * A round that is over once all that has to pass has done so, and nothing more is under way
   * ({@link Barrier}). For links within one machine that have no rate: there it takes milliseconds
   * to see that hundreds of probes are denied, each of which is sent once.
   *
   * @throws dev.sluice.core.error.SluiceException as {@link Prober#run}
   */
  public static List<Outcome> quick(CheckTarget target, List<Expectation> expectations) {
    Set<Integer> cpus = Affinity.allowed();
    try (Barrier barrier = new Barrier(target.node())) {
      Affinity.pin(List.copyOf(cpus).get(RANDOM.nextInt(cpus.size())));
      return run(target, expectations, Optional.of(barrier));
    } finally {
      Affinity.pin(cpus);
    }
  }

  /** A round that takes all the time, and every attempt, before it believes that one is denied. */
  static List<Outcome> patient(CheckTarget target, List<Expectation> expectations) {
    return run(target, expectations, Optional.empty());
  }

  private static List<Outcome> run(
      CheckTarget target, List<Expectation> expectations, Optional<Barrier> barrier) {
    List<Probe> probes = expectations.stream().map(Expectation::probe).toList();
    int sourcePort = FIRST_PORT + Math.floorMod(ROUND.getAndIncrement(), PORTS);
    ProbePackets packets = new ProbePackets(probes, RANDOM.nextLong(), sourcePort);
    try (ProbeSockets sockets = new ProbeSockets(target, probes)) {
      return new ProbeRun(expectations, packets, sockets, barrier).observe();
    }
  }
}
