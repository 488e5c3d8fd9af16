package dev.sluice.core.check;

import dev.sluice.core.check.Observation.Seen;
import dev.sluice.core.topology.Topology;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Checks a running topology with real packets. Every probe is sent up to three times within about a
 * second, all of them side by side; a check in which everything passes ends as soon as the last
 * packet was seen, one that expects a denial takes the whole second.
 *
 * <p>A probe leaves by a raw socket at its source and must be seen by a raw socket at its
 * destination, behind every filter on the way. TCP (a SYN) and ICMP (an echo) must be answered too.
 * In a live endpoint no port is bound and no setting touched; its kernel answers for it. Needs
 * CAP_NET_RAW and CAP_NET_ADMIN there.
 */
public final class Prober {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Expected expected;

  public Prober(Expected expected) {
    this.expected = expected;
  }

  /**
   * Probes the topology and reports.
   *
   * @param datapath the one it runs on, for the report
   * @throws dev.sluice.core.error.SluiceException a namespace could not be entered or a socket not
   *     be opened; that a packet cannot be sent is a result, not an error
   */
  public CheckReport run(Topology topology, String datapath, CheckTarget target) {
    List<Expectation> expectations = Expectations.of(topology, expected);
    List<Probe> probes = expectations.stream().map(Expectation::probe).toList();
    List<Disagreement> disagree = new ArrayList<>();
    try (ProbeSockets sockets = new ProbeSockets(target, probes)) {
      ProbePackets packets = new ProbePackets(probes, RANDOM.nextLong());
      List<Observation> observations = new ProbeRun(expectations, packets, sockets).observe();
      for (int i = 0; i < probes.size(); i++) {
        if (observations.get(i).seen() != wanted(expectations.get(i))) {
          disagree.add(disagreement(expectations.get(i), observations.get(i)));
        }
      }
    }
    return new CheckReport(
        topology.name(), datapath, probes.size(), probes.size() - disagree.size(), disagree);
  }

  private static Seen wanted(Expectation expectation) {
    return expectation.passes() ? Seen.PASS : Seen.DENY;
  }

  private static Disagreement disagreement(Expectation expectation, Observation observation) {
    Probe probe = expectation.probe();
    return new Disagreement(
        probe.from().label(),
        probe.to().label(),
        probe.destination().toString(),
        probe.transport().name().toLowerCase(Locale.ROOT),
        probe.port(),
        probe.kind().name().toLowerCase(Locale.ROOT),
        wanted(expectation).label(),
        observation.seen().label(),
        observation.detail());
  }
}
