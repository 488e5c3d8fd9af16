package dev.sluice.core.check;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.sys.SyscallException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Sends the probes of one check and watches what becomes of them. One thread does both in turn: the
 * kernel delivers within the send, so more threads would only wait for one another.
 */
final class ProbeRun {

  /**
   * After each attempt, in ms; together longer than the second after which the kernel asks once
   * more for a neighbour that has not answered (retrans_time_ms).
   */
  private static final List<Integer> WAITS = List.of(200, 500, 900);

  /** So many packets are sent before the receivers are looked at. */
  private static final int BURST = 64;

  private final List<Expectation> expectations;
  private final List<Observation> observations;
  private final ProbePackets packets;
  private final ProbeSockets sockets;
  private final Optional<Barrier> barrier;

  /** {@code barrier}: empty where there is none that holds; then silence takes all the time. */
  ProbeRun(
      List<Expectation> expectations,
      ProbePackets packets,
      ProbeSockets sockets,
      Optional<Barrier> barrier) {
    this.expectations = expectations;
    this.observations = expectations.stream().map(e -> new Observation(e.probe())).toList();
    this.packets = packets;
    this.sockets = sockets;
    this.barrier = barrier;
  }

  /** What became of each probe, in their order; returns as soon as nothing is left to see. */
  List<Outcome> observe() {
    List<Integer> open = IntStream.range(0, expectations.size()).boxed().toList();
    for (int wait : WAITS) {
      send(open);
      long deadline = System.nanoTime() + Duration.ofMillis(wait).toNanos();
      do {
        open = open.stream().filter(this::isOpen).toList();
      } while (!open.isEmpty() && receiveUntil(deadline));
    }
    barrier.ifPresent(this::takeAllBefore);
    return IntStream.range(0, expectations.size()).mapToObj(this::outcome).toList();
  }

  /** Whether it is worth waiting for, and sending again. */
  private boolean isOpen(int index) {
    return !observations.get(index).settled()
        && (barrier.isEmpty() || expectations.get(index).passes());
  }

  private void takeAllBefore(Barrier passed) {
    passed.await();
    boolean more;
    do {
      more = receive(Duration.ZERO);
    } while (more);
  }

  private Outcome outcome(int index) {
    Observation observation = observations.get(index);
    return new Outcome(expectations.get(index), observation.seen(), observation.detail());
  }

  private void send(List<Integer> indices) {
    for (int i = 0; i < indices.size(); i++) {
      send(indices.get(i));
      if ((i + 1) % BURST == 0) {
        receive(Duration.ZERO);
      }
    }
  }

  /** Takes in what comes, or waits for it; false when the time is over. */
  private boolean receiveUntil(long deadline) {
    long left = deadline - System.nanoTime();
    if (left <= 0) {
      return false;
    }
    // Rounded up to milliseconds, the unit of poll(2).
    receive(Duration.ofMillis((left + 999_999) / 1_000_000));
    return true;
  }

  private void send(int index) {
    try {
      sockets.send(expectations.get(index).probe(), packets.packet(index));
    } catch (SyscallException e) {
      observations.get(index).notSent(e.getMessage());
    }
  }

  /** Between any two looks at the receivers whoever waits for a check may have had enough of it. */
  private boolean receive(Duration timeout) {
    if (Thread.currentThread().isInterrupted()) {
      throw new SluiceException(Category.TRANSIENT, "interrupted");
    }
    return sockets.receive(
        timeout,
        packet ->
            packets
                .recognise(packet.content(), packet.source(), packet.size())
                .ifPresent(s -> observations.get(s.probe()).add(s, packet.at())));
  }
}
