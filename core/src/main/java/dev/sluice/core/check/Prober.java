package dev.sluice.core.check;

import dev.sluice.core.topology.Topology;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Checks a running topology with real packets. Every probe is sent up to three times within less
 * than two seconds, all of them side by side; a check in which everything passes ends as soon as
 * the last packet was seen, one that expects a denial takes the whole time.
 *
 * <p>A probe leaves by a raw socket at its source and must be seen by a raw socket at its
 * destination, behind every filter on the way. TCP (a SYN) and ICMP (an echo) must be answered too.
 * In a live endpoint no port is bound and no setting touched; its kernel answers for it. Needs
 * CAP_NET_RAW and CAP_NET_ADMIN there.
 */
public final class Prober {

  private final Expected expected;

  public Prober(Expected expected) {
    this.expected = expected;
  }

  /**
   * Probes the topology and reports.
   *
   * @param datapath the one it runs on, for the report
   * @throws dev.sluice.core.error.SluiceException a namespace could not be entered or a socket not
   *     be opened, or this thread is interrupted, and stays so; that a packet cannot be sent is a
   *     result, not an error
   */
  public CheckReport run(Topology topology, String datapath, CheckTarget target) {
    EndpointPairs pairs = EndpointPairs.of(topology, spareNeighbours());
    ProbePorts ports = ProbePorts.of(topology, pairs);
    List<Expectation> expectations = Expectations.of(topology, expected, pairs);
    long overflows = NeighbourTable.overflows();
    List<Outcome> outcomes = ProbeRound.patient(target, expectations);
    Optional<String> remark = remark(overflows);
    List<Disagreement> disagree =
        outcomes.stream().filter(o -> !o.agrees()).map(o -> disagreement(o, remark)).toList();
    return new CheckReport(
        topology.name(),
        datapath,
        outcomes.size(),
        outcomes.size() - disagree.size(),
        disagree,
        pairs.sampled() || ports.most() < ports.all().size(),
        pairs.pairs().size(),
        pairs.all(),
        ports.most(),
        ports.all().size());
  }

  /** What {@link #run} would probe, counted by what is promised; the same at every call. */
  public List<Promise> promises(Topology topology) {
    Map<Promise, Integer> counts = new TreeMap<>(Promise.ORDER);
    for (Expectation e :
        Expectations.of(topology, expected, EndpointPairs.of(topology, spareNeighbours()))) {
      Probe probe = e.probe();
      counts.merge(new Promise(probe.kind(), probe.transport(), e.passes(), 0), 1, Integer::sum);
    }
    return counts.entrySet().stream().map(e -> e.getKey().of(e.getValue())).toList();
  }

  /** The other half is for the gateways, and for the workloads of the machine. */
  private static int spareNeighbours() {
    return NeighbourTable.size() / 2;
  }

  private static Optional<String> remark(long overflowsBefore) {
    return NeighbourTable.overflows() == overflowsBefore
        ? Optional.empty()
        : Optional.of(
            "meanwhile the machine's table of neighbours was full, which loses packets too:"
                + " raise net.ipv4.neigh.default.gc_thresh3 and net.ipv6.neigh.default.gc_thresh3");
  }

  private static Disagreement disagreement(Outcome outcome, Optional<String> remark) {
    Probe probe = outcome.probe();
    return new Disagreement(
        probe.from().label(),
        probe.to().label(),
        probe.destination().toString(),
        probe.transport().name().toLowerCase(Locale.ROOT),
        probe.port(),
        probe.kind().name().toLowerCase(Locale.ROOT),
        outcome.expected().label(),
        outcome.seen().label(),
        outcome.detail() + remark.map(r -> "; " + r).orElse(""));
  }
}
