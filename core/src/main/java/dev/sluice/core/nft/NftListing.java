package dev.sluice.core.nft;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/**
 * What nft lists of a table, without what tells nothing: handles, counts, the order of elements. Of
 * two equal ones the tables do alike. The kernel and the library normalise what they are given, so
 * a listing is compared with another, never with what was written.
 *
 * @param parts each object of the table; rules in the order of their chain
 */
public record NftListing(List<String> parts) {

  private static final JsonMapper JSON = new JsonMapper();

  public NftListing {
    parts = List.copyOf(parts);
  }

  /**
   * Of the answers to {@code nft -j list table} and {@code nft list table}. Only the text tells
   * which device a chain hooks (1.0.6).
   */
  static NftListing parse(String json, String text) {
    Map<String, List<String>> rules = new TreeMap<>();
    List<String> others = new ArrayList<>();
    for (JsonNode item : tree(json).path("nftables")) {
      for (Map.Entry<String, JsonNode> entry : item.properties()) {
        if (!entry.getKey().equals("metainfo")) {
          String part = entry.getKey() + " " + normal(entry.getKey(), entry.getValue());
          String chain = entry.getValue().path("chain").asText();
          (chain.isEmpty() ? others : rules.computeIfAbsent(chain, c -> new ArrayList<>()))
              .add(part);
        }
      }
    }
    others.addAll(hooks(text));
    others.sort(null);
    rules.values().forEach(others::addAll);
    return new NftListing(others);
  }

  private static List<String> hooks(String text) {
    List<String> out = new ArrayList<>();
    String chain = "";
    for (String line : text.lines().map(String::strip).toList()) {
      if (line.startsWith("chain ")) {
        chain = line;
      } else if (line.startsWith("type ") && line.contains(" hook ")) {
        out.add(chain + " " + line);
      }
    }
    return out;
  }

  /** What nft prints, read. */
  static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new SluiceException(
          Category.INTERNAL, "nft's listing is no JSON: " + e.getMessage(), e);
    }
  }

  private static String normal(String type, JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("handle");
      if (type.equals("counter")) {
        object.remove(List.of("packets", "bytes"));
      }
      if (object.get("elem") instanceof ArrayNode elements) {
        List<String> sorted =
            StreamSupport.stream(elements.spliterator(), false)
                .map(JsonNode::toString)
                .sorted()
                .toList();
        ArrayNode array = object.putArray("elem");
        sorted.forEach(array::add);
      }
    }
    return node.toString();
  }
}
