package dev.sluice.core.policy;

import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.util.Comparator;
import java.util.Locale;

/**
 * Names a rule of a policy as its file does: {@code namespace/name ingress[0]}.
 *
 * @param index of the rule in the policy's list of that direction, from 0
 */
public record RuleId(PolicyId policy, Direction direction, int index)
    implements Comparable<RuleId> {

  private static final Comparator<RuleId> ORDER =
      Comparator.comparing(RuleId::policy)
          .thenComparing(RuleId::direction)
          .thenComparingInt(RuleId::index);

  @Override
  public int compareTo(RuleId other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "%s %s[%d]".formatted(policy, direction.name().toLowerCase(Locale.ROOT), index);
  }
}
