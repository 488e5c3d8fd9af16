package dev.sluice.core.policy;

import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.NetworkPolicy.LabelSelector;
import dev.sluice.core.topology.NetworkPolicy.Peer;
import dev.sluice.core.topology.NetworkPolicy.PortMatch;
import dev.sluice.core.topology.NetworkPolicy.Requirement;
import dev.sluice.core.topology.NetworkPolicy.Rule;
import dev.sluice.core.topology.Topology;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What policies say that has no effect, though Kubernetes allows it: selectors that select nobody,
 * and names of ports that no endpoint has where the rule would let something reach it. One line
 * each, in the order of the file. Pure.
 */
public final class PolicyWarnings {

  private static final LabelSelector ALL = new LabelSelector(List.of());

  /** So many peers of a rule are named. */
  private static final int NAMED = 3;

  private final Selections selections;
  private final NamedPorts ports;
  private final LinkedHashSet<String> found = new LinkedHashSet<>();

  private PolicyWarnings(Topology topology) {
    Roster roster = Roster.of(topology.endpoints());
    this.selections = Selections.of(roster, topology.namespaces());
    this.ports = NamedPorts.of(roster);
  }

  /** The warnings about {@code topology}; each is a sentence without its full stop. */
  public static List<String> of(Topology topology) {
    PolicyWarnings warnings = new PolicyWarnings(topology);
    topology.policies().forEach(warnings::policy);
    return List.copyOf(warnings.found);
  }

  private void policy(NetworkPolicy policy) {
    PolicyId id = new PolicyId(policy.namespace(), policy.name());
    BitSet selected = selections.selected(policy.namespace(), policy.podSelector());
    if (selected.isEmpty()) {
      found.add("policy %s selects no endpoint (%s)".formatted(id, whyNone(policy)));
      return;
    }
    for (Direction direction : Direction.values()) {
      if (policy.types().contains(direction)) {
        for (int i = 0; i < policy.rules(direction).size(); i++) {
          Rule rule = policy.rules(direction).get(i);
          rule(new RuleId(id, direction, i), rule, selected);
        }
      }
    }
  }

  private String whyNone(NetworkPolicy policy) {
    return selections.selected(policy.namespace(), ALL).isEmpty()
        ? "none is in namespace " + policy.namespace()
        : "podSelector " + text(policy.podSelector());
  }

  private void rule(RuleId id, Rule rule, BitSet selected) {
    boolean selectors = rule.peers().stream().allMatch(Peer.Selected.class::isInstance);
    BitSet meant = selections.means(id.policy().namespace(), rule.peers());
    if (!rule.peers().isEmpty() && selectors && meant.isEmpty()) {
      found.add("policy %s matches no endpoint (%s)".formatted(id, peers(rule.peers())));
      return;
    }
    // A name is looked up at the destination; in egress the reader takes it with selectors only.
    BitSet destinations = id.direction() == Direction.INGRESS ? selected : meant;
    for (PortMatch port : rule.ports()) {
      if (port instanceof PortMatch.Named named && nobodyHas(named, destinations)) {
        found.add(
            "policy %s: no endpoint that it leads to has a %s port named %s"
                .formatted(id, named.protocol(), named.name()));
      }
    }
  }

  private boolean nobodyHas(PortMatch.Named port, BitSet endpoints) {
    return endpoints.stream().noneMatch(who -> ports.of(who).containsKey(port));
  }

  private static String peers(List<Peer> peers) {
    List<String> texts = new ArrayList<>();
    for (Peer peer : peers) {
      if (peer instanceof Peer.Selected selected) {
        List<String> both = new ArrayList<>();
        selected.namespaces().ifPresent(s -> both.add("namespaceSelector " + text(s)));
        selected.pods().ifPresent(s -> both.add("podSelector " + text(s)));
        texts.add(String.join(" and ", both));
      }
    }
    return texts.size() <= NAMED + 1
        ? String.join(" or ", texts)
        : "%s or %d more"
            .formatted(String.join(" or ", texts.subList(0, NAMED)), texts.size() - NAMED);
  }

  /** As kubectl writes a selector. */
  private static String text(LabelSelector selector) {
    return selector.requirements().isEmpty()
        ? "{}"
        : selector.requirements().stream()
            .map(PolicyWarnings::text)
            .collect(Collectors.joining(","));
  }

  private static String text(Requirement requirement) {
    String key = requirement.key();
    List<String> values = requirement.values();
    return switch (requirement.operator()) {
      case IN -> values.size() == 1 ? key + "=" + values.get(0) : set(key, "in", values);
      case NOT_IN -> set(key, "notin", values);
      case EXISTS -> key;
      case DOES_NOT_EXIST -> "!" + key;
    };
  }

  private static String set(String key, String operator, List<String> values) {
    return "%s %s (%s)".formatted(key, operator, String.join(",", values));
  }
}
