package dev.sluice.core.datapath;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a counter of a datapath counts. */
public sealed interface Counted {

  /** What a rule let through, being the first of all that allow it. */
  record Allowed(RuleId rule) implements Counted {}

  /**
   * What no rule allowed.
   *
   * @param endpoints those for which the same holds in that direction; they have one counter
   */
  record DefaultDeny(Direction direction, SortedSet<String> endpoints) implements Counted {
    public DefaultDeny {
      endpoints = Collections.unmodifiableSortedSet(new TreeSet<>(endpoints));
    }
  }

  /**
   * What came in by an uplink from a block that {@code spec.denyFrom} denies, and from none within
   * that is denied too.
   */
  record Denied(Cidr source) implements Counted {}

  /** What was dropped before any rule was asked. */
  record Dropped(DropReason reason) implements Counted {}
}
