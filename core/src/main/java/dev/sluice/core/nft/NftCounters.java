package dev.sluice.core.nft;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.core.datapath.Count;
import java.util.LinkedHashMap;
import java.util.Map;

/** The answer to {@code nft -j list counters}. */
final class NftCounters {

  private NftCounters() {}

  /** What each counter has counted, by its name. */
  static Map<String, Count> parse(String json) {
    Map<String, Count> out = new LinkedHashMap<>();
    for (JsonNode item : NftListing.tree(json).path("nftables")) {
      JsonNode counter = item.path("counter");
      if (!counter.isMissingNode()) {
        out.put(
            counter.path("name").asText(),
            new Count(counter.path("packets").asLong(), counter.path("bytes").asLong()));
      }
    }
    return out;
  }
}
