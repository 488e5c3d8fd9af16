package dev.sluice.core.policy;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.Verdict.Decision;
import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.NetworkPolicy.LabelSelector;
import dev.sluice.core.topology.NetworkPolicy.Peer;
import dev.sluice.core.topology.NetworkPolicy.PortMatch;
import dev.sluice.core.topology.NetworkPolicy.Requirement;
import dev.sluice.core.topology.NetworkPolicy.Rule;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What policy says of a connection, read from the declared policies alone: slow, and written for
 * clarity. Every datapath is held against it, and so is the {@link PolicyTable}, with which it
 * shares no code. Each rule of the policy contract stands where it is decided; those on packets
 * that belong to a connection (7), on neighbour discovery, fragments, source guard and changes (9,
 * 12 to 15), and on what may be declared (2 in part, 16) are not decided here. Pure.
 */
public final class PolicyEvaluator {

  private final Topology topology;

  private PolicyEvaluator(Topology topology) {
    this.topology = topology;
  }

  /**
   * The verdict on the first packet of {@code flow}.
   *
   * <p>Rule 1: the two directions are independent. Source egress and destination ingress must both
   * allow.
   *
   * <p>Rule 11: both directions are judged on addresses and ports after destination NAT and before
   * source NAT, which is what a {@link Flow} holds.
   *
   * @throws IllegalArgumentException if an end names an endpoint that the topology does not have
   */
  public static Verdict verdict(Topology topology, Flow flow) {
    PolicyEvaluator evaluator = new PolicyEvaluator(topology);
    return new Verdict(evaluator.egress(flow), evaluator.ingress(flow));
  }

  private Decision egress(Flow flow) {
    Optional<Endpoint> source = endpoint(flow.source());
    if (source.isEmpty()) {
      return new Decision.NotIsolated();
    }
    if (isSelf(flow)) {
      return new Decision.Self();
    }
    return decide(Direction.EGRESS, source.get(), flow.destination(), flow);
  }

  /**
   * Rule 8: the node, meaning packets with a local socket there, reaches its own endpoints for
   * ingress; a forwarded packet is never "the node". Egress to the node is subject to policy.
   */
  private Decision ingress(Flow flow) {
    Optional<Cidr> denied = denied(flow.source());
    if (denied.isPresent()) {
      return new Decision.DeniedSource(denied.get());
    }
    Optional<Endpoint> destination = endpoint(flow.destination());
    if (destination.isEmpty()) {
      return new Decision.NotIsolated();
    }
    if (isSelf(flow)) {
      return new Decision.Self();
    }
    if (flow.source() instanceof Party.NodeParty) {
      return new Decision.FromNode();
    }
    return decide(Direction.INGRESS, destination.get(), flow.source(), flow);
  }

  /**
   * What the node gets from outside comes in by an uplink, where denied sources are dropped; a
   * source counts for the most specific block that it is in.
   */
  private Optional<Cidr> denied(Party source) {
    return source instanceof Party.Outside
        ? topology.denyFrom().stream()
            .filter(block -> block.contains(source.address()))
            .max(Comparator.comparingInt(Cidr::prefix))
        : Optional.empty();
  }

  /**
   * Rule 8: an endpoint reaches itself, whatever the policy; through its own published port too.
   * After destination NAT that is a flow from an endpoint to itself as well.
   */
  private static boolean isSelf(Flow flow) {
    return flow.source().endpointName().isPresent()
        && flow.source().endpointName().equals(flow.destination().endpointName());
  }

  /**
   * Rule 1: an endpoint is isolated in a direction once any policy of that direction selects it;
   * then what some policy of that direction allows passes (a union), nothing else.
   */
  private Decision decide(Direction direction, Endpoint endpoint, Party peer, Flow flow) {
    List<PolicyId> isolating = new ArrayList<>();
    List<RuleId> allowing = new ArrayList<>();
    for (NetworkPolicy policy : topology.policies()) {
      if (!isolates(policy, direction, endpoint)) {
        continue;
      }
      PolicyId id = new PolicyId(policy.namespace(), policy.name());
      isolating.add(id);
      for (int i = 0; i < policy.rules(direction).size(); i++) {
        if (allows(policy, policy.rules(direction).get(i), peer, flow)) {
          allowing.add(new RuleId(id, direction, i));
        }
      }
    }
    if (isolating.isEmpty()) {
      return new Decision.NotIsolated();
    }
    return allowing.isEmpty()
        ? new Decision.DefaultDeny(isolating.stream().sorted().toList())
        : new Decision.Allowed(allowing.stream().sorted().toList());
  }

  /**
   * Rule 2: policyTypes defaults to Ingress, plus Egress if there are egress rules; the reader has
   * filled that in. Rules of a direction that is not among them say nothing.
   */
  private static boolean isolates(NetworkPolicy policy, Direction direction, Endpoint endpoint) {
    return policy.types().contains(direction)
        && policy.namespace().equals(endpoint.namespace())
        && matches(policy.podSelector(), endpoint.labels());
  }

  /**
   * Rule 2: empty or absent from, to or ports match all; an empty rule list denies all, as then no
   * rule is asked.
   *
   * <p>Rule 10: rules with ports allow those protocols and ports only; rules without allow every IP
   * protocol. ICMP and ICMPv6 echo need a rule without ports.
   */
  private boolean allows(NetworkPolicy policy, Rule rule, Party peer, Flow flow) {
    boolean peers =
        rule.peers().isEmpty() || rule.peers().stream().anyMatch(p -> means(policy, p, peer));
    boolean ports = rule.ports().isEmpty() || rule.ports().stream().anyMatch(p -> matches(p, flow));
    return peers && ports;
  }

  /**
   * Rule 4: except takes addresses out of that rule alone; it never denies what another rule
   * allows.
   *
   * <p>Rule 6: in one peer, namespaceSelector and podSelector must both match; podSelector alone
   * means the policy's own namespace.
   */
  private boolean means(NetworkPolicy policy, Peer declared, Party peer) {
    if (declared instanceof Peer.Block block) {
      return block.cidr().contains(peer.address())
          && block.except().stream().noneMatch(hole -> hole.contains(peer.address()));
    }
    Peer.Selected selected = (Peer.Selected) declared;
    Optional<Endpoint> endpoint = endpoint(peer);
    if (endpoint.isEmpty()) {
      return false;
    }
    String namespace = endpoint.get().namespace();
    boolean inNamespace =
        selected.namespaces().isPresent()
            ? matches(selected.namespaces().get(), labelsOf(namespace))
            : namespace.equals(policy.namespace());
    boolean isPod =
        selected.pods().isEmpty() || matches(selected.pods().get(), endpoint.get().labels());
    return inNamespace && isPod;
  }

  /**
   * Rule 3: TCP, UDP and SCTP have ports, endPort included; SCTP is never treated as TCP. That the
   * protocol defaults to TCP is the reader's to fill in.
   *
   * <p>Rule 5: a named port is resolved at the destination endpoint, so it can be another number
   * per peer. Who is no endpoint has none.
   */
  private boolean matches(PortMatch declared, Flow flow) {
    if (flow.port().isEmpty() || flow.protocol() != declared.protocol().number()) {
      return false;
    }
    int port = flow.port().getAsInt();
    if (declared instanceof PortMatch.Range range) {
      return range.from() <= port && port <= range.to();
    }
    String name = ((PortMatch.Named) declared).name();
    return endpoint(flow.destination()).stream()
        .flatMap(destination -> destination.ports().stream())
        .filter(p -> p.name().equals(Optional.of(name)))
        .filter(p -> p.protocol() == declared.protocol())
        .anyMatch(p -> p.port() == port);
  }

  /** All requirements of a selector hold; without any it selects everything. */
  private static boolean matches(LabelSelector selector, Map<String, String> labels) {
    return selector.requirements().stream().allMatch(r -> holds(r, labels));
  }

  /** Rule 6: NotIn and DoesNotExist match when the key is absent. */
  private static boolean holds(Requirement requirement, Map<String, String> labels) {
    Optional<String> value = Optional.ofNullable(labels.get(requirement.key()));
    return switch (requirement.operator()) {
      case IN -> value.isPresent() && requirement.values().contains(value.get());
      case NOT_IN -> value.isEmpty() || !requirement.values().contains(value.get());
      case EXISTS -> value.isPresent();
      case DOES_NOT_EXIST -> value.isEmpty();
    };
  }

  private Map<String, String> labelsOf(String namespace) {
    return topology.namespaces().stream()
        .filter(n -> n.name().equals(namespace))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no policy namespace " + namespace))
        .labels();
  }

  private Optional<Endpoint> endpoint(Party party) {
    return party
        .endpointName()
        .map(
            name ->
                topology.endpoints().stream()
                    .filter(e -> e.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no endpoint " + name)));
  }
}
