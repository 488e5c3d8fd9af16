package dev.sluice.core.check;

import dev.sluice.core.check.EndpointPairs.Pair;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.NetworkPolicy.PortMatch;
import dev.sluice.core.topology.NetworkPolicy.PortMatch.Named;
import dev.sluice.core.topology.NetworkPolicy.PortMatch.Range;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Protocol;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The ports at which policy may tell packets apart, and which of them a check probes: each port
 * that some rule or endpoint mentions, of a range both ends and the ports beside it. A name stands
 * for every number that some endpoint gives it. Without policies there are none. Pure.
 *
 * <p>A check sends no more than {@link #MOST} probes for them. Where there are more, each pair of
 * endpoints is probed at those of the policies that isolate one of the two, as far as there is
 * room, and then at some of the others: other ones at each pair.
 */
final class ProbePorts {

  /** So many probes at most, unless a few for each pair alone are more. */
  static final int MOST = 60_000;

  private static final int FEWEST = 8;

  private static final int LAST = 65_535;

  /** A port of a protocol that has ports. */
  record ProbePort(Transport transport, int port) implements Comparable<ProbePort> {

    private static final Comparator<ProbePort> ORDER =
        Comparator.comparing(ProbePort::transport).thenComparingInt(ProbePort::port);

    @Override
    public int compareTo(ProbePort other) {
      return ORDER.compare(this, other);
    }
  }

  private record Isolated(String endpoint, Direction direction) {}

  private final Topology topology;
  private final List<ProbePort> all;
  private final int most;
  private final Map<Named, List<ProbePort>> named = new HashMap<>();
  private final Map<Isolated, SortedSet<ProbePort>> byIsolation = new HashMap<>();
  private int next;

  private ProbePorts(Topology topology, List<ProbePort> all, int most) {
    this.topology = topology;
    this.all = all;
    this.most = most;
  }

  /** Those of a topology, of which {@code pairs} probe one another. */
  static ProbePorts of(Topology topology, EndpointPairs pairs) {
    ProbePorts whole = new ProbePorts(topology, List.of(), 0);
    SortedSet<ProbePort> mentioned = new TreeSet<>();
    if (!topology.policies().isEmpty()) {
      topology.endpoints().forEach(e -> mentioned.addAll(declared(e)));
      for (NetworkPolicy policy : topology.policies()) {
        for (Direction direction : policy.types()) {
          whole.mentioned(policy, direction, mentioned);
        }
      }
    }
    // To each address of the other endpoint of a pair, and from each of its own to its gateway.
    long ways =
        Stream.concat(pairs.pairs().stream().map(Pair::to), topology.endpoints().stream())
            .flatMap(endpoint -> endpoint.interfaces().stream())
            .mapToInt(iface -> iface.addresses().size())
            .sum();
    int most = (int) Math.max(FEWEST, MOST / Math.max(1, ways));
    return new ProbePorts(topology, List.copyOf(mentioned), Math.min(most, mentioned.size()));
  }

  /** How many are probed at each pair. */
  int most() {
    return most;
  }

  /** All that are mentioned. */
  List<ProbePort> all() {
    return all;
  }

  /** Those for a pair; other ones when asked again, where not all are probed. */
  List<ProbePort> between(Pair pair) {
    return between(pair.from(), Optional.of(pair.to()));
  }

  /** Those from an endpoint to the node. */
  List<ProbePort> toNode(Endpoint from) {
    return between(from, Optional.empty());
  }

  private List<ProbePort> between(Endpoint from, Optional<Endpoint> to) {
    if (most == all.size()) {
      return all;
    }
    Set<ProbePort> out = new LinkedHashSet<>();
    take(List.copyOf(concerning(from, to)), out);
    take(all, out);
    next += most;
    return List.copyOf(out);
  }

  /** Those that the second of a pair declares, or the policies that isolate one of the two. */
  SortedSet<ProbePort> concerning(Pair pair) {
    return concerning(pair.from(), Optional.of(pair.to()));
  }

  private SortedSet<ProbePort> concerning(Endpoint from, Optional<Endpoint> to) {
    SortedSet<ProbePort> near = new TreeSet<>(isolating(from, Direction.EGRESS));
    to.ifPresent(
        endpoint -> {
          near.addAll(declared(endpoint));
          near.addAll(isolating(endpoint, Direction.INGRESS));
        });
    return near;
  }

  /** From where the last pair has ended, as far as there is room. */
  private void take(List<ProbePort> ports, Set<ProbePort> out) {
    for (int i = 0; i < ports.size() && out.size() < most; i++) {
      out.add(ports.get(Math.floorMod(next + i, ports.size())));
    }
  }

  /** Of the policies that isolate the endpoint in that direction. */
  private SortedSet<ProbePort> isolating(Endpoint endpoint, Direction direction) {
    return byIsolation.computeIfAbsent(
        new Isolated(endpoint.name(), direction),
        k -> {
          SortedSet<ProbePort> out = new TreeSet<>();
          topology.policies().stream()
              .filter(policy -> policy.types().contains(direction))
              .filter(policy -> policy.namespace().equals(endpoint.namespace()))
              .filter(policy -> policy.podSelector().matches(endpoint.labels()))
              .forEach(policy -> mentioned(policy, direction, out));
          return out;
        });
  }

  private static List<ProbePort> declared(Endpoint endpoint) {
    return endpoint.ports().stream().map(p -> port(p.protocol(), p.port())).toList();
  }

  private void mentioned(NetworkPolicy policy, Direction direction, SortedSet<ProbePort> out) {
    policy.rules(direction).stream()
        .flatMap(rule -> rule.ports().stream())
        .forEach(match -> mentioned(match, out));
  }

  private void mentioned(PortMatch match, SortedSet<ProbePort> out) {
    if (match instanceof Range range) {
      if (range.from() == range.to()) {
        out.add(port(match.protocol(), range.from()));
      } else if (range.to() - range.from() < LAST) {
        IntStream.of(range.from() - 1, range.from(), range.to(), range.to() + 1)
            .filter(port -> port > 0 && port <= LAST)
            .forEach(port -> out.add(port(match.protocol(), port)));
      }
      return;
    }
    out.addAll(named.computeIfAbsent((Named) match, this::numbers));
  }

  private List<ProbePort> numbers(Named named) {
    return topology.endpoints().stream()
        .flatMap(endpoint -> endpoint.ports().stream())
        .filter(port -> port.protocol() == named.protocol())
        .filter(port -> port.name().filter(named.name()::equals).isPresent())
        .map(port -> port(port.protocol(), port.port()))
        .distinct()
        .toList();
  }

  private static ProbePort port(Protocol protocol, int port) {
    return new ProbePort(
        switch (protocol) {
          case TCP -> Transport.TCP;
          case UDP -> Transport.UDP;
          case SCTP -> Transport.SCTP;
        },
        port);
  }
}
