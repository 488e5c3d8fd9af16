package dev.sluice.core.check;

import dev.sluice.core.sys.SyscallException;
import java.time.Duration;
import java.util.List;

/**
 * Sends the probes of one check and watches what becomes of them. One thread does both in turn: the
 * kernel delivers within the send, so more threads would only wait for one another.
 */
final class ProbeRun {

  /** After each attempt, in ms; the second and third are for what a neighbour's discovery lost. */
  private static final List<Integer> WAITS = List.of(200, 300, 500);

  /** So many packets are sent before the receivers are looked at. */
  private static final int BURST = 64;

  private final List<Expectation> expectations;
  private final List<Observation> observations;
  private final ProbePackets packets;
  private final ProbeSockets sockets;
  private int unsettled;

  ProbeRun(List<Expectation> expectations, ProbePackets packets, ProbeSockets sockets) {
    this.expectations = expectations;
    this.observations = expectations.stream().map(e -> new Observation(e.probe())).toList();
    this.packets = packets;
    this.sockets = sockets;
    this.unsettled = expectations.size();
  }

  /** What was seen of each probe, in their order; returns as soon as nothing is left to see. */
  List<Observation> observe() {
    for (int wait : WAITS) {
      sendUnsettled();
      long deadline = System.nanoTime() + Duration.ofMillis(wait).toNanos();
      while (unsettled > 0 && System.nanoTime() < deadline) {
        // Rounded up to whole milliseconds, the unit of poll(2).
        long millis = (deadline - System.nanoTime() + 999_999) / 1_000_000;
        receive(Duration.ofMillis(Math.max(0, millis)));
      }
    }
    return observations;
  }

  private void sendUnsettled() {
    int sent = 0;
    for (int i = 0; i < observations.size(); i++) {
      if (!observations.get(i).settled()) {
        send(i);
        if (++sent % BURST == 0) {
          receive(Duration.ZERO);
        }
      }
    }
  }

  private void send(int index) {
    try {
      sockets.send(expectations.get(index).probe(), packets.packet(index));
    } catch (SyscallException e) {
      observations.get(index).notSent(e.getMessage());
    }
  }

  private void receive(Duration timeout) {
    sockets.receive(
        timeout,
        packet ->
            packets
                .recognise(packet.content(), packet.source(), packet.size())
                .ifPresent(sighting -> add(sighting, packet.at())));
  }

  private void add(Sighting sighting, Place at) {
    Observation observation = observations.get(sighting.probe());
    boolean before = observation.settled();
    observation.add(sighting, at);
    if (!before && observation.settled()) {
      unsettled--;
    }
  }
}
