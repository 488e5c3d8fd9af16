package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.EndpointPairs.Pair;
import dev.sluice.core.check.Probe.Kind;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.check.ProbePorts.ProbePort;
import dev.sluice.core.topology.Topology;
import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Ports of a protocol at which one endpoint may connect to another, as the reference evaluator has
 * it. Tried are one that nobody mentions and those of {@link ProbePorts}, which stand for all
 * others. Pure.
 */
public final class ConnectPorts {

  /** Not privileged, and below those that kernels choose for clients. */
  private static final int FIRST_UNMENTIONED = 20_000;

  private final Expected expected;
  private final ProbePorts ports;
  private final Transport transport;
  private final int unmentioned;

  private ConnectPorts(Expected expected, ProbePorts ports, Transport transport) {
    this.expected = expected;
    this.ports = ports;
    this.transport = transport;
    Set<Integer> mentioned = numbers(ports.all()).boxed().collect(Collectors.toSet());
    this.unmentioned =
        IntStream.iterate(FIRST_UNMENTIONED, port -> port + 1)
            .filter(port -> !mentioned.contains(port))
            .findFirst()
            .orElseThrow();
  }

  /** Those of a topology. {@code transport}: one that has ports. */
  public static ConnectPorts of(Topology topology, Transport transport) {
    ProbePorts ports = ProbePorts.of(topology, new EndpointPairs(List.of(), 0));
    return new ConnectPorts(Expected.policies(topology), ports, transport);
  }

  /** The port that is tried first: no rule and no endpoint mentions it. */
  public int unmentioned() {
    return unmentioned;
  }

  /** One at which policy lets the pair connect between these addresses; empty: at none. */
  public OptionalInt between(Pair pair, IpAddress source, IpAddress destination) {
    return IntStream.concat(IntStream.of(unmentioned), numbers(ports.concerning(pair)))
        .filter(port -> expected.passes(probe(pair, source, destination, port)))
        .findFirst();
  }

  private Probe probe(Pair pair, IpAddress source, IpAddress destination, int port) {
    return new Probe(
        Place.endpoint(pair.from().name()),
        Place.endpoint(pair.to().name()),
        source,
        destination,
        transport,
        port,
        Kind.ENDPOINT,
        OptionalInt.empty());
  }

  private IntStream numbers(Collection<ProbePort> all) {
    return all.stream().filter(port -> port.transport() == transport).mapToInt(ProbePort::port);
  }
}
