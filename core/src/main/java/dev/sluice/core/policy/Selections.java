package dev.sluice.core.policy;

import dev.sluice.core.topology.NetworkPolicy.LabelSelector;
import dev.sluice.core.topology.NetworkPolicy.Peer;
import dev.sluice.core.topology.Topology.PolicyNamespace;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Whom selectors select, as sets of the numbers of a {@link Roster}. Each selector is evaluated
 * once, and endpoints that are selected together share one set.
 */
final class Selections {

  private static final LabelSelector ALL = new LabelSelector(List.of());

  private final Roster roster;
  private final List<PolicyNamespace> namespaces;
  private final LabelIndex endpointLabels;
  private final LabelIndex namespaceLabels;
  private final Map<String, BitSet> inNamespace;
  private final Map<LabelSelector, BitSet> byLabels = new HashMap<>();
  private final Map<LabelSelector, BitSet> byNamespace = new HashMap<>();
  private final Map<BitSet, Peers.Endpoints> shared = new HashMap<>();
  private final Map<BitSet, Peers.Endpoints> sharedBefore;

  private Selections(
      Roster roster,
      List<PolicyNamespace> namespaces,
      LabelIndex endpointLabels,
      LabelIndex namespaceLabels,
      Map<String, BitSet> inNamespace,
      Map<BitSet, Peers.Endpoints> sharedBefore) {
    this.roster = roster;
    this.namespaces = namespaces;
    this.endpointLabels = endpointLabels;
    this.namespaceLabels = namespaceLabels;
    this.inNamespace = inNamespace;
    this.sharedBefore = sharedBefore;
  }

  static Selections of(Roster roster, List<PolicyNamespace> namespaces) {
    return of(roster, namespaces, Map.of());
  }

  private static Selections of(
      Roster roster, List<PolicyNamespace> namespaces, Map<BitSet, Peers.Endpoints> shared) {
    LabelIndex endpointLabels = new LabelIndex();
    Map<String, BitSet> inNamespace = new HashMap<>();
    roster
        .present()
        .forEach(
            (who, endpoint) -> {
              endpointLabels.add(who, endpoint.labels());
              inNamespace.computeIfAbsent(endpoint.namespace(), n -> new BitSet()).set(who);
            });
    LabelIndex namespaceLabels = new LabelIndex();
    for (int i = 0; i < namespaces.size(); i++) {
      namespaceLabels.add(i, namespaces.get(i).labels());
    }
    return new Selections(roster, namespaces, endpointLabels, namespaceLabels, inNamespace, shared);
  }

  /** Those of the next topology, which share with these what is the same in both. */
  Selections next(Roster next, List<PolicyNamespace> namespacesThen) {
    return selectAsIn(next, namespacesThen)
        ? new Selections(next, namespaces, endpointLabels, namespaceLabels, inNamespace, shared)
        : of(next, namespacesThen, shared);
  }

  /** Whether every selector selects the same in a topology of those endpoints and namespaces. */
  boolean selectAsIn(Roster other, List<PolicyNamespace> namespacesThere) {
    return roster.hasLabelsOf(other) && namespaces.equals(namespacesThere);
  }

  /** The endpoints that a policy selects. */
  BitSet selected(String namespace, LabelSelector pods) {
    return both(inNamespace.getOrDefault(namespace, new BitSet()), byLabels(pods));
  }

  /**
   * The endpoints that the selectors among {@code peers} mean, in a policy of {@code namespace}.
   */
  BitSet means(String namespace, List<Peer> peers) {
    BitSet out = new BitSet();
    for (Peer peer : peers) {
      if (peer instanceof Peer.Selected selected) {
        BitSet home =
            selected
                .namespaces()
                .map(this::byNamespace)
                .orElseGet(() -> inNamespace.getOrDefault(namespace, new BitSet()));
        out.or(both(home, byLabels(selected.pods().orElse(ALL))));
      }
    }
    return out;
  }

  /** {@code endpoints} by name; the same set gives the same instance. */
  Peers.Endpoints names(BitSet endpoints) {
    return shared.computeIfAbsent(
        endpoints,
        e -> {
          Peers.Endpoints before = sharedBefore.get(e);
          if (before != null) {
            return before;
          }
          SortedSet<String> names = new TreeSet<>();
          e.stream().forEach(who -> names.add(roster.name(who)));
          return new Peers.Endpoints(names);
        });
  }

  private BitSet byLabels(LabelSelector pods) {
    return byLabels.computeIfAbsent(pods, endpointLabels::select);
  }

  private BitSet byNamespace(LabelSelector selector) {
    return byNamespace.computeIfAbsent(
        selector,
        s -> {
          BitSet out = new BitSet();
          namespaceLabels.select(s).stream()
              .mapToObj(i -> namespaces.get(i).name())
              .forEach(n -> out.or(inNamespace.getOrDefault(n, new BitSet())));
          return out;
        });
  }

  private static BitSet both(BitSet a, BitSet b) {
    BitSet out = (BitSet) a.clone();
    out.and(b);
    return out;
  }
}
