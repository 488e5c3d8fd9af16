package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.check.Probe.Transport;
import dev.sluice.core.packet.Icmp;
import dev.sluice.core.packet.Icmpv6;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.packet.Tcp;
import dev.sluice.core.packet.Udp;
import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.PolicyEvaluator;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the reference evaluator says of each probe. */
final class PolicyExpected implements Expected {

  private final Topology topology;
  private final Map<String, Endpoint> endpoints;

  PolicyExpected(Topology topology) {
    this.topology = topology;
    this.endpoints =
        topology.endpoints().stream()
            .collect(Collectors.toMap(Endpoint::name, Function.identity()));
  }

  @Override
  public boolean passes(Probe probe) {
    Flow flow =
        new Flow(
            party(probe.from(), probe.source()),
            party(probe.to(), probe.destination()),
            protocol(probe),
            probe.transport() == Transport.ICMP
                ? OptionalInt.empty()
                : OptionalInt.of(probe.port()));
    return PolicyEvaluator.verdict(of(flow), flow).allows();
  }

  /**
   * The topology with no endpoints but those of the flow: no others have a say, and the evaluator
   * looks for its endpoints one by one.
   */
  private Topology of(Flow flow) {
    return new Topology(
        topology.name(),
        topology.datapath(),
        topology.namespaces(),
        topology.networks(),
        Stream.of(flow.source(), flow.destination())
            .flatMap(party -> party.endpointName().stream())
            .distinct()
            .map(endpoints::get)
            .toList(),
        topology.denyFrom(),
        topology.established(),
        topology.guard(),
        topology.policies());
  }

  private static Party party(Place place, IpAddress address) {
    return place instanceof Place.OfEndpoint endpoint
        ? new Party.EndpointParty(endpoint.name(), address)
        : new Party.NodeParty(address);
  }

  private static int protocol(Probe probe) {
    return switch (probe.transport()) {
      case TCP -> Tcp.PROTOCOL;
      case UDP -> Udp.PROTOCOL;
      case SCTP -> Sctp.PROTOCOL;
      case ICMP -> probe.isV6() ? Icmpv6.PROTOCOL : Icmp.PROTOCOL;
    };
  }
}
