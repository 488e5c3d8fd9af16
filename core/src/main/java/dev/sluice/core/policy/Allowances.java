package dev.sluice.core.policy;

import dev.sluice.core.policy.Side.Entry;
import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.NetworkPolicy.Peer;
import dev.sluice.core.topology.NetworkPolicy.PortMatch;
import dev.sluice.core.topology.NetworkPolicy.Rule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a policy allows in one direction to those that it isolates: the same to each, but for
 * ingress to named ports, which are looked up at each.
 */
final class Allowances {

  /** Entries that are allowed together; its identity is what tells it from others. */
  static final class Allowance {
    private final List<Entry> entries;

    private Allowance(List<Entry> entries) {
      this.entries = List.copyOf(entries);
    }

    List<Entry> entries() {
      return entries;
    }
  }

  /** A rule that means somebody, its peers resolved and its ports not. */
  private record Part(RuleId rule, List<Peers> peers, List<PortMatch> ports) {}

  private final Direction direction;
  private final List<Rule> rules;
  private final List<BitSet> peers;
  private final NamedPorts named;
  private final List<Part> parts = new ArrayList<>();
  private final Map<List<List<PortRange>>, Allowance> byPorts = new HashMap<>();

  /**
   * Those of a policy.
   *
   * @param peers by rule, the endpoints that its selectors mean
   */
  Allowances(
      NetworkPolicy policy,
      Direction direction,
      List<BitSet> peers,
      Selections selections,
      NamedPorts named) {
    this.direction = direction;
    this.rules = policy.rules(direction);
    this.peers = List.copyOf(peers);
    this.named = named;
    PolicyId id = new PolicyId(policy.namespace(), policy.name());
    for (int i = 0; i < rules.size(); i++) {
      RuleId rule = new RuleId(id, direction, i);
      if (direction == Direction.EGRESS && NamedPorts.anyIn(rules.get(i).ports())) {
        parts.addAll(byPorts(rule, rules.get(i), peers.get(i), selections));
      } else {
        List<Peers> whom = peers(rules.get(i), peers.get(i), selections);
        if (!whom.isEmpty()) {
          parts.add(new Part(rule, whom, rules.get(i).ports()));
        }
      }
    }
  }

  /** Whether it is not the same to each endpoint. */
  boolean differ() {
    return direction == Direction.INGRESS && usesNames();
  }

  /** Whether a policy that says {@code then}, of the same name, allows the same. */
  boolean holdFor(NetworkPolicy then, List<BitSet> peersThen, NamedPorts namedThen) {
    return rules.equals(then.rules(direction))
        && peers.equals(peersThen)
        && (!usesNames() || named.equals(namedThen));
  }

  /** What is allowed to one endpoint; the same instance where the same is. */
  Allowance at(int endpoint) {
    List<List<PortRange>> ranges = new ArrayList<>();
    for (Part part : parts) {
      if (NamedPorts.anyIn(part.ports())) {
        ranges.add(named.at(endpoint, part.ports()));
      }
    }
    return byPorts.computeIfAbsent(ranges, r -> resolve(endpoint));
  }

  private Allowance resolve(int endpoint) {
    List<Entry> out = new ArrayList<>();
    for (Part part : parts) {
      List<PortRange> ranges = named.at(endpoint, part.ports());
      // Names that nobody has leave no port, which is not the same as no ports declared.
      if (part.ports().isEmpty() || !ranges.isEmpty()) {
        part.peers().forEach(whom -> out.add(new Entry(part.rule(), whom, ranges)));
      }
    }
    return new Allowance(out);
  }

  private boolean usesNames() {
    return rules.stream().anyMatch(rule -> NamedPorts.anyIn(rule.ports()));
  }

  private static List<Peers> peers(Rule rule, BitSet endpoints, Selections selections) {
    if (rule.peers().isEmpty()) {
      return List.of(new Peers.Any());
    }
    List<Peers> out = new ArrayList<>();
    if (!endpoints.isEmpty()) {
      out.add(selections.names(endpoints));
    }
    for (Peer peer : rule.peers()) {
      if (peer instanceof Peer.Block block) {
        out.add(new Peers.Block(block.cidr(), block.except()));
      }
    }
    return out;
  }

  /** A part for each group of peers that give the names the same numbers, sorted by peer. */
  private List<Part> byPorts(RuleId id, Rule rule, BitSet endpoints, Selections selections) {
    if (rule.peers().isEmpty() || rule.peers().stream().anyMatch(Peer.Block.class::isInstance)) {
      throw new IllegalArgumentException(
          id + ": a named port is looked up at endpoints; give it peers that are selectors");
    }
    Map<String, Part> out = new TreeMap<>();
    named
        .split(endpoints, rule.ports())
        .forEach(
            (ranges, who) -> {
              Peers.Endpoints names = selections.names(who);
              out.put(
                  names.names().first(), new Part(id, List.of(names), NamedPorts.declared(ranges)));
            });
    return List.copyOf(out.values());
  }
}
