package dev.sluice.core.policy;

import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Resolves the policies of one direction, and keeps what the next topology leaves as it is. */
final class DirectedResolver {

  private final Direction direction;
  private final SideBuilder builder = new SideBuilder();
  private final Map<Integer, Side> sides = new HashMap<>();
  private SortedMap<PolicyId, DirectedPolicy> policies = new TreeMap<>();

  DirectedResolver(Direction direction) {
    this.direction = direction;
  }

  /**
   * Takes the policies of the next topology.
   *
   * @param settled whether endpoints and namespaces are as before, so that a policy that is
   *     declared as before means the same
   * @return the endpoints whose side may be another
   */
  BitSet next(
      List<NetworkPolicy> declared, Selections selections, NamedPorts named, boolean settled) {
    SortedMap<PolicyId, DirectedPolicy> now = new TreeMap<>();
    BitSet touched = new BitSet();
    for (NetworkPolicy policy : declared) {
      if (!policy.types().contains(direction)) {
        continue;
      }
      DirectedPolicy before = policies.get(new PolicyId(policy.namespace(), policy.name()));
      DirectedPolicy resolved;
      if (before == null) {
        resolved = DirectedPolicy.of(policy, direction, selections, named);
        touched.or(resolved.selected());
      } else if (settled && before.declared().equals(policy)) {
        resolved = before;
      } else {
        resolved = before.next(policy, direction, selections, named);
        touched.or(resolved.differs(before));
      }
      now.put(resolved.id(), resolved);
    }
    policies.forEach(
        (id, before) -> {
          if (!now.containsKey(id)) {
            touched.or(before.selected());
          }
        });
    policies = now;
    touched.stream().forEach(sides::remove);
    sides.putAll(builder.build(now.values(), touched));
    builder.forgetBut(sides.values());
    return touched;
  }

  /** The sides of the isolated endpoints. */
  Map<Integer, Side> sides() {
    return sides;
  }
}
