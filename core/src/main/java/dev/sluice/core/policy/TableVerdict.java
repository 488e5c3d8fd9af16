package dev.sluice.core.policy;

import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.Side.Entry;
import dev.sluice.core.policy.Verdict.Decision;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.util.List;
import java.util.Optional;

/** Judges a flow by the resolved table, as a datapath does. */
final class TableVerdict {

  private TableVerdict() {}

  static Verdict of(PolicyTable table, Flow flow) {
    Optional<String> source = flow.source().endpointName();
    Optional<String> destination = flow.destination().endpointName();
    if (source.isPresent() && source.equals(destination)) {
      return new Verdict(new Decision.Self(), new Decision.Self());
    }
    return new Verdict(
        source
            .map(name -> decide(table.side(name, Direction.EGRESS), flow.destination(), flow))
            .orElse(new Decision.NotIsolated()),
        destination.map(name -> ingress(table, name, flow)).orElse(new Decision.NotIsolated()));
  }

  private static Decision ingress(PolicyTable table, String endpoint, Flow flow) {
    return flow.source() instanceof Party.NodeParty
        ? new Decision.FromNode()
        : decide(table.side(endpoint, Direction.INGRESS), flow.source(), flow);
  }

  private static Decision decide(Side side, Party peer, Flow flow) {
    if (!side.isIsolated()) {
      return new Decision.NotIsolated();
    }
    List<RuleId> rules =
        side.entries().stream()
            .filter(entry -> means(entry.peers(), peer) && allows(entry, flow))
            .map(Entry::rule)
            .distinct()
            .toList();
    return rules.isEmpty()
        ? new Decision.DefaultDeny(side.isolatedBy())
        : new Decision.Allowed(rules);
  }

  static boolean means(Peers peers, Party peer) {
    if (peers instanceof Peers.Endpoints endpoints) {
      return peer.endpointName().filter(name -> endpoints.names().contains(name)).isPresent();
    }
    if (peers instanceof Peers.Block block) {
      return block.cidr().contains(peer.address())
          && block.except().stream().noneMatch(hole -> hole.contains(peer.address()));
    }
    return true;
  }

  private static boolean allows(Entry entry, Flow flow) {
    return entry.ports().isEmpty()
        || (flow.port().isPresent()
            && entry.ports().stream()
                .anyMatch(
                    range ->
                        range.protocol().number() == flow.protocol()
                            && range.contains(range.protocol(), flow.port().getAsInt())));
  }
}
