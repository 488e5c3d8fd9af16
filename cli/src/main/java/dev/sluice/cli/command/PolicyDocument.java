package dev.sluice.cli.command;

import dev.sluice.cli.output.PolicyText;
import dev.sluice.core.address.Cidr;
import dev.sluice.core.datapath.Count;
import dev.sluice.core.datapath.Counted;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.policy.Peers;
import dev.sluice.core.policy.PolicyId;
import dev.sluice.core.policy.PolicyTable;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.policy.Side;
import dev.sluice.core.policy.Side.Entry;
import dev.sluice.core.reconcile.Counts;
import dev.sluice.core.reconcile.Room;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What {@code policy -o json} prints.
 *
 * @param counted whether the counts are the datapath's; else all are 0
 * @param sides in the order in which the topology declares the first endpoint of each
 * @param drops what was dropped before any policy was asked; empty where one endpoint was asked for
 * @param deniedSources what was dropped for its source, a line for each block of denyFrom; empty as
 *     drops
 * @param rooms how full is what the datapath remembers flows in; empty as drops, and where it does
 *     not tell
 */
record PolicyDocument(
    String topology,
    String datapath,
    boolean counted,
    List<SideLine> sides,
    List<DropLine> drops,
    List<DeniedLine> deniedSources,
    List<RoomLine> rooms) {

  /**
   * What holds in one direction for endpoints for which the same holds.
   *
   * @param isolatedBy empty: everything is allowed
   * @param denied what no rule allowed
   */
  record SideLine(
      List<String> endpoints,
      String direction,
      List<String> isolatedBy,
      List<RuleLine> rules,
      CountLine denied) {}

  /**
   * A rule, what it allows here, and what it was counted for, here and at all other endpoints.
   *
   * @param sharedBy how many endpoints the counts are of
   */
  record RuleLine(String rule, List<AllowLine> allows, long packets, long bytes, int sharedBy) {}

  /**
   * Peers and ports of a rule.
   *
   * @param peers any, endpoints or block
   * @param ports empty: every IP protocol
   */
  record AllowLine(
      String peers,
      List<String> endpoints,
      String block,
      List<String> except,
      List<String> ports) {}

  /**
   * A count.
   *
   * @param sharedBy how many endpoints it is of
   */
  record CountLine(long packets, long bytes, int sharedBy) {
    static CountLine of(Count count, int sharedBy) {
      return new CountLine(count.packets(), count.bytes(), sharedBy);
    }
  }

  /** What was dropped for a reason. */
  record DropLine(String reason, long packets, long bytes) {}

  /** What was dropped as it came from a block, and from none within that is denied too. */
  record DeniedLine(String source, long packets, long bytes) {}

  /** How full a map is. */
  record RoomLine(String map, long entries, long room) {}

  /** Of all endpoints of a topology, or of one of them; {@code counts}: empty if nobody counts. */
  static PolicyDocument of(
      Topology topology,
      String datapath,
      PolicyTable policies,
      Optional<Counts> counts,
      List<Room> rooms,
      Optional<String> only) {
    Counts counted = counts.orElseGet(Counts::none);
    Map<Direction, IdentityHashMap<Side, List<String>>> endpoints = new EnumMap<>(Direction.class);
    for (Direction direction : Direction.values()) {
      endpoints.put(direction, bySide(topology, policies, direction));
    }
    Map<RuleId, Integer> sharedBy = sharedBy(endpoints);
    List<SideLine> sides = new ArrayList<>();
    for (Endpoint endpoint : topology.endpoints()) {
      for (Direction direction : Direction.values()) {
        Side side = policies.side(endpoint.name(), direction);
        List<String> alike = endpoints.get(direction).get(side);
        if (only.orElse(alike.get(0)).equals(endpoint.name())) {
          sides.add(line(side, direction, alike, counted, sharedBy));
        }
      }
    }
    return new PolicyDocument(
        topology.name(),
        datapath,
        counts.isPresent() && counted.missing().isEmpty(),
        sides,
        only.isPresent() ? List.of() : drops(counted),
        only.isPresent() ? List.of() : denied(topology, counted),
        only.isPresent()
            ? List.of()
            : rooms.stream().map(r -> new RoomLine(r.map(), r.entries(), r.room())).toList());
  }

  /** The endpoints for which the same holds, in the order of declaration. */
  private static IdentityHashMap<Side, List<String>> bySide(
      Topology topology, PolicyTable policies, Direction direction) {
    IdentityHashMap<Side, List<String>> out = new IdentityHashMap<>();
    for (Endpoint endpoint : topology.endpoints()) {
      out.computeIfAbsent(policies.side(endpoint.name(), direction), s -> new ArrayList<>())
          .add(endpoint.name());
    }
    return out;
  }

  /** At how many endpoints each rule allows something. */
  private static Map<RuleId, Integer> sharedBy(
      Map<Direction, IdentityHashMap<Side, List<String>>> endpoints) {
    Map<RuleId, Integer> out = new HashMap<>();
    for (IdentityHashMap<Side, List<String>> sides : endpoints.values()) {
      sides.forEach(
          (side, alike) ->
              side.entries().stream()
                  .map(Entry::rule)
                  .distinct()
                  .forEach(rule -> out.merge(rule, alike.size(), Integer::sum)));
    }
    return out;
  }

  private static SideLine line(
      Side side,
      Direction direction,
      List<String> endpoints,
      Counts counted,
      Map<RuleId, Integer> sharedBy) {
    Map<RuleId, List<AllowLine>> rules = new LinkedHashMap<>();
    side.entries()
        .forEach(
            entry -> rules.computeIfAbsent(entry.rule(), r -> new ArrayList<>()).add(allow(entry)));
    List<RuleLine> lines = new ArrayList<>();
    rules.forEach(
        (rule, allows) -> {
          Count count = counted.of(new Counted.Allowed(rule));
          lines.add(
              new RuleLine(
                  rule.toString(), allows, count.packets(), count.bytes(), sharedBy.get(rule)));
        });
    return new SideLine(
        endpoints,
        direction.name().toLowerCase(Locale.ROOT),
        side.isolatedBy().stream().map(PolicyId::toString).toList(),
        lines,
        CountLine.of(
            counted.of(new Counted.DefaultDeny(direction, new TreeSet<>(endpoints))),
            endpoints.size()));
  }

  private static AllowLine allow(Entry entry) {
    List<String> ports = entry.ports().stream().map(PolicyText::ports).toList();
    if (entry.peers() instanceof Peers.Endpoints peers) {
      return new AllowLine("endpoints", List.copyOf(peers.names()), "", List.of(), ports);
    }
    if (entry.peers() instanceof Peers.Block block) {
      return new AllowLine(
          "block",
          List.of(),
          block.cidr().toString(),
          block.except().stream().map(Cidr::toString).toList(),
          ports);
    }
    return new AllowLine("any", List.of(), "", List.of(), ports);
  }

  private static List<DeniedLine> denied(Topology topology, Counts counted) {
    return topology.denyFrom().stream()
        .map(
            block -> {
              Count count = counted.of(new Counted.Denied(block));
              return new DeniedLine(block.toString(), count.packets(), count.bytes());
            })
        .toList();
  }

  private static List<DropLine> drops(Counts counted) {
    List<DropLine> out = new ArrayList<>();
    for (DropReason reason : DropReason.values()) {
      Optional<Count> count = counted.find(new Counted.Dropped(reason));
      count.ifPresent(c -> out.add(new DropLine(reason.label(), c.packets(), c.bytes())));
    }
    return out;
  }
}
