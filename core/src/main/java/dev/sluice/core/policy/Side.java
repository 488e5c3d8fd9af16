package dev.sluice.core.policy;

import java.util.List;

/**
 * What an endpoint may do in one direction. Without a policy that isolates it, everything; else
 * what some entry allows, and nothing more. Endpoints for which the same holds share one instance.
 *
 * @param isolatedBy the policies that isolate the endpoint in this direction, sorted; empty: none
 * @param entries what they allow, sorted by rule; empty where not isolated
 */
public record Side(List<PolicyId> isolatedBy, List<Entry> entries) {

  /** The side of an endpoint that no policy selects. */
  public static final Side OPEN = new Side(List.of(), List.of());

  public Side {
    isolatedBy = List.copyOf(isolatedBy);
    entries = List.copyOf(entries);
  }

  public boolean isIsolated() {
    return !isolatedBy.isEmpty();
  }

  /**
   * Something that one rule allows. A rule is several entries where its peers are of several sorts,
   * or where a named port is another number at each.
   *
   * @param ports names resolved, sorted, disjoint; empty: every IP protocol and port
   */
  public record Entry(RuleId rule, Peers peers, List<PortRange> ports) {
    public Entry {
      ports = List.copyOf(ports);
    }
  }
}
