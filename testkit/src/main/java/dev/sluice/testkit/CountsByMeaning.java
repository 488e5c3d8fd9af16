package dev.sluice.testkit;

import dev.sluice.core.datapath.Count;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.policy.PolicyId;
import dev.sluice.core.policy.PolicyResolver;
import dev.sluice.core.policy.PolicyTable;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the programs of a topology have counted, as the product reads it. */
public record CountsByMeaning(Map<Counted, Count> counts, PolicyTable policies) implements Counts {

  /** Of a topology that runs on {@code datapath}. */
  public static CountsByMeaning of(Node node, Datapath datapath, String topology) {
    Topologies topologies = TestTopologies.on(node, datapath);
    return new CountsByMeaning(
        topologies.counts(topology).orElseThrow().byMeaning(),
        PolicyResolver.resolve(topologies.topology(topology)));
  }

  @Override
  public long dropped(DropReason reason) {
    return reason == DropReason.POLICY
        ? counts.keySet().stream()
            .filter(Counted.DefaultDeny.class::isInstance)
            .mapToLong(this::packets)
            .sum()
        : packets(new Counted.Dropped(reason));
  }

  @Override
  public long denied(Direction direction, List<String> isolatedBy) {
    return denials(direction)
        .filter(
            deny ->
                policies.side(deny.endpoints().first(), direction).isolatedBy().stream()
                    .map(PolicyId::toString)
                    .sorted()
                    .toList()
                    .equals(isolatedBy.stream().sorted().toList()))
        .mapToLong(this::packets)
        .sum();
  }

  private Stream<Counted.DefaultDeny> denials(Direction direction) {
    return counts.keySet().stream()
        .filter(Counted.DefaultDeny.class::isInstance)
        .map(Counted.DefaultDeny.class::cast)
        .filter(deny -> deny.direction() == direction);
  }

  @Override
  public long allowed(RuleId rule) {
    return packets(new Counted.Allowed(rule));
  }

  private long packets(Counted meaning) {
    return counts.getOrDefault(meaning, Count.ZERO).packets();
  }
}
