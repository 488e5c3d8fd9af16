package dev.sluice.core.policy;

import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.util.BitSet;
import java.util.List;

/** A policy in one of its directions, resolved. */
final class DirectedPolicy {

  private final PolicyId id;
  private final NetworkPolicy declared;
  private final BitSet selected;
  private final Allowances allowances;

  private DirectedPolicy(NetworkPolicy declared, BitSet selected, Allowances allowances) {
    this.id = new PolicyId(declared.namespace(), declared.name());
    this.declared = declared;
    this.selected = selected;
    this.allowances = allowances;
  }

  static DirectedPolicy of(
      NetworkPolicy policy, Direction direction, Selections selections, NamedPorts named) {
    return new DirectedPolicy(
        policy,
        selections.selected(policy.namespace(), policy.podSelector()),
        new Allowances(policy, direction, peers(policy, direction, selections), selections, named));
  }

  /** What becomes of this when {@code policy} takes its place: what still holds is kept. */
  DirectedPolicy next(
      NetworkPolicy policy, Direction direction, Selections selections, NamedPorts named) {
    return allowances.holdFor(policy, peers(policy, direction, selections), named)
        ? new DirectedPolicy(
            policy, selections.selected(policy.namespace(), policy.podSelector()), allowances)
        : of(policy, direction, selections, named);
  }

  private static List<BitSet> peers(
      NetworkPolicy policy, Direction direction, Selections selections) {
    return policy.rules(direction).stream()
        .map(rule -> selections.means(policy.namespace(), rule.peers()))
        .toList();
  }

  PolicyId id() {
    return id;
  }

  NetworkPolicy declared() {
    return declared;
  }

  /** The endpoints that it isolates. */
  BitSet selected() {
    return selected;
  }

  /** What it allows them. */
  Allowances allowances() {
    return allowances;
  }

  /** The endpoints for whom it is not the same here and in {@code before}. */
  BitSet differs(DirectedPolicy before) {
    BitSet out = (BitSet) selected.clone();
    if (allowances == before.allowances) {
      out.xor(before.selected);
    } else {
      out.or(before.selected);
    }
    return out;
  }
}
