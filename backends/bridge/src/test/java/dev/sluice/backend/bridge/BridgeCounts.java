package dev.sluice.backend.bridge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.node.Node;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.policy.PolicyId;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.policy.Side;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.testkit.Counts;
import dev.sluice.testkit.Shell;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The named counters of a topology's two tables, as nft(8) lists them.
 *
 * @param packets by the counter's name
 */
record BridgeCounts(Map<String, Long> packets) implements Counts {

  private static final JsonMapper JSON = new JsonMapper();

  static BridgeCounts of(Node node, String topology) {
    Map<String, Long> packets = new HashMap<>();
    try {
      for (JsonNode item :
          JSON.readTree(Shell.inNode(node, "nft -j list counters").orFail()).path("nftables")) {
        JsonNode counter = item.path("counter");
        if (counter.path("table").asText().equals(Derived.TABLE_PREFIX + topology)) {
          packets.put(counter.path("name").asText(), counter.path("packets").asLong());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BridgeCounts(packets);
  }

  @Override
  public long dropped(DropReason reason) {
    long counted = packets.getOrDefault("drop/" + reason.label(), 0L);
    return reason == DropReason.POLICY ? counted + sum("deny/") : counted;
  }

  /** Where a named port differs, endpoints of the same policies have counters of their own. */
  @Override
  public long denied(Direction direction, List<String> isolatedBy) {
    List<PolicyId> ids =
        isolatedBy.stream()
            .map(id -> id.split("/", 2))
            .map(parts -> new PolicyId(parts[0], parts[1]))
            .sorted()
            .toList();
    String name = "deny/" + SideChains.name(direction, new Side(ids, List.of()));
    return packets.getOrDefault(name, 0L) + sum(name + "/");
  }

  @Override
  public long allowed(RuleId rule) {
    return packets.getOrDefault(SideChains.counter(rule), 0L);
  }

  private long sum(String prefix) {
    return packets.entrySet().stream()
        .filter(e -> e.getKey().startsWith(prefix))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
