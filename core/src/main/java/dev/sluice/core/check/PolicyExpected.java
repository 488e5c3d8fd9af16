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
import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the reference evaluator says of each probe. */
final class PolicyExpected implements Expected {

  private final Topology topology;
  private final Map<String, Endpoint> endpoints;
  private final Map<String, List<NetworkPolicy>> selecting = new HashMap<>();
  private final Map<List<String>, Topology> between = new HashMap<>();

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
   * The topology with no endpoints but those of the flow, and no policies but those that isolate
   * one of them: no others have a say, and the evaluator looks at all one by one.
   */
  private Topology of(Flow flow) {
    List<String> names =
        Stream.of(flow.source(), flow.destination())
            .flatMap(party -> party.endpointName().stream())
            .distinct()
            .toList();
    return between.computeIfAbsent(names, this::between);
  }

  private Topology between(List<String> names) {
    List<Endpoint> ends = names.stream().map(endpoints::get).toList();
    return new Topology(
        topology.name(),
        topology.datapath(),
        topology.namespaces(),
        topology.networks(),
        ends,
        topology.denyFrom(),
        topology.established(),
        ends.stream().flatMap(end -> selecting(end).stream()).distinct().toList());
  }

  private List<NetworkPolicy> selecting(Endpoint endpoint) {
    return selecting.computeIfAbsent(
        endpoint.name(),
        e ->
            topology.policies().stream()
                .filter(policy -> policy.namespace().equals(endpoint.namespace()))
                .filter(policy -> policy.podSelector().matches(endpoint.labels()))
                .toList());
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
