package dev.sluice.testkit;

import dev.sluice.core.policy.DropReason;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.util.List;

/**
 * What a datapath has counted of one topology, in packets, at one moment (POLICY rule 17). Each
 * datapath counts in its own place; whoever tests one says how it is read there.
 */
public interface Counts {

  /** Dropped for a reason; {@link DropReason#POLICY} is the sum of all default denials. */
  long dropped(DropReason reason);

  /**
   * Denied by default at endpoints that these policies, and no others, isolate.
   *
   * @param isolatedBy {@code namespace/name} of each
   */
  long denied(Direction direction, List<String> isolatedBy);

  /** Let through by a rule; of a connection its first packet only. */
  long allowed(RuleId rule);
}
