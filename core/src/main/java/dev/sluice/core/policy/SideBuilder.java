package dev.sluice.core.policy;

import dev.sluice.core.policy.Allowances.Allowance;
import dev.sluice.core.policy.Side.Entry;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts the sides of one direction together. Policies with the same endpoints are handled as one,
 * and endpoints to which the same is allowed get the same instance, also from one topology to the
 * next.
 */
final class SideBuilder {

  /** How many sides may be out of use before it pays to look for them. */
  private static final int SLACK = 64;

  /** Policies that isolate the same endpoints; its identity is what tells it from others. */
  private static final class Group {
    private final List<DirectedPolicy> policies = new ArrayList<>();
  }

  private final Map<List<Allowance>, Side> sides = new HashMap<>();

  /**
   * The sides of {@code endpoints} as {@code policies}, sorted, make them; none for an endpoint
   * that no policy isolates.
   */
  Map<Integer, Side> build(Collection<DirectedPolicy> policies, BitSet endpoints) {
    Map<Integer, List<Group>> groups = new HashMap<>();
    grouped(policies)
        .forEach(
            (selected, group) -> {
              BitSet here = (BitSet) selected.clone();
              here.and(endpoints);
              here.stream()
                  .forEach(e -> groups.computeIfAbsent(e, k -> new ArrayList<>()).add(group));
            });
    Map<List<Group>, List<DirectedPolicy>> merged = new HashMap<>();
    Map<List<Group>, Side> same = new HashMap<>();
    Map<Integer, Side> out = new HashMap<>();
    groups.forEach(
        (endpoint, own) -> {
          List<DirectedPolicy> all = merged.computeIfAbsent(own, SideBuilder::merge);
          boolean differ = all.stream().anyMatch(p -> p.allowances().differ());
          out.put(
              endpoint,
              differ ? side(all, endpoint) : same.computeIfAbsent(own, g -> side(all, endpoint)));
        });
    return out;
  }

  /** Forgets sides that are not among {@code used}, once there are many. */
  void forgetBut(Collection<Side> used) {
    if (sides.size() > 2 * used.size() + SLACK) {
      Set<Side> kept = Collections.newSetFromMap(new IdentityHashMap<>());
      kept.addAll(used);
      sides.values().retainAll(kept);
    }
  }

  private static Map<BitSet, Group> grouped(Collection<DirectedPolicy> policies) {
    Map<BitSet, Group> groups = new LinkedHashMap<>();
    for (DirectedPolicy policy : policies) {
      groups.computeIfAbsent(policy.selected(), s -> new Group()).policies.add(policy);
    }
    return groups;
  }

  private static List<DirectedPolicy> merge(List<Group> groups) {
    List<DirectedPolicy> all = new ArrayList<>();
    groups.forEach(group -> all.addAll(group.policies));
    all.sort(Comparator.comparing(DirectedPolicy::id));
    return all;
  }

  private Side side(List<DirectedPolicy> policies, int endpoint) {
    List<Allowance> allowed = new ArrayList<>();
    policies.forEach(policy -> allowed.add(policy.allowances().at(endpoint)));
    return sides.computeIfAbsent(
        allowed,
        a -> {
          List<PolicyId> isolatedBy = new ArrayList<>();
          policies.forEach(policy -> isolatedBy.add(policy.id()));
          List<Entry> entries = new ArrayList<>();
          a.forEach(allowance -> entries.addAll(allowance.entries()));
          return new Side(isolatedBy, entries);
        });
  }
}
