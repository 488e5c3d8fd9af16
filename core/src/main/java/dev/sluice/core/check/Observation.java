package dev.sluice.core.check;

import java.util.Optional;

/** What has been seen of one probe so far. Not thread-safe. */
final class Observation {

  private final Probe probe;
  private boolean arrived;
  private boolean answered;
  private Optional<String> altered = Optional.empty();
  private Optional<String> obstacle = Optional.empty();

  Observation(Probe probe) {
    this.probe = probe;
  }

  /** Takes note of what was received at a place. */
  void add(Sighting sighting, Place at) {
    if (sighting instanceof Sighting.Arrived arrival) {
      arrived(arrival, at);
    } else if (sighting instanceof Sighting.Answered answer) {
      if (at.equals(probe.from()) && answer.source().equals(probe.destination())) {
        answered = true;
      } else {
        altered = Optional.of("answered by " + answer.source() + " at " + at.label());
      }
    } else if (sighting instanceof Sighting.Refused refusal && !arrived) {
      blame(refusal.reason());
    }
  }

  private void arrived(Sighting.Arrived arrival, Place at) {
    arrived = true;
    int size = probe.size().orElse(arrival.size());
    if (!at.equals(probe.to())) {
      altered = Optional.of("arrived at " + at.label());
    } else if (!arrival.source().equals(probe.source())) {
      altered = Optional.of("arrived from " + arrival.source() + ", not from " + probe.source());
    } else if (arrival.size() != size) {
      altered = Optional.of("arrived with " + arrival.size() + " of " + size + " bytes");
    }
  }

  /** Takes note that the kernel would not send it. */
  void notSent(String reason) {
    blame(reason);
  }

  /** The first reason counts: a retry may only meet what the sender's kernel learned from it. */
  private void blame(String reason) {
    obstacle = obstacle.or(() -> Optional.of(reason));
  }

  /** Whether nothing more can come that changes the result. */
  boolean settled() {
    return seen() == Seen.PASS || seen() == Seen.ALTERED;
  }

  Seen seen() {
    if (altered.isPresent()) {
      return Seen.ALTERED;
    }
    if (!arrived) {
      return Seen.DENY;
    }
    return answered || !probe.wantsAnswer() ? Seen.PASS : Seen.NO_ANSWER;
  }

  /** For people. */
  String detail() {
    return altered.orElse(
        switch (seen()) {
          case DENY -> "nothing arrived" + obstacle.map(o -> "; " + o).orElse("");
          case NO_ANSWER -> "arrived, but no answer came back to " + probe.source();
          case PASS -> probe.wantsAnswer() ? "arrived and was answered" : "arrived";
          case ALTERED -> "arrived altered";
        });
  }
}
