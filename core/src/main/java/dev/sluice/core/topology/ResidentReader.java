package dev.sluice.core.topology;

import dev.sluice.core.topology.TopologyReader.Content;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads topology files that follow one another, as {@link TopologyReader} does: a document that is
 * the same, letter for letter, as one of the file before is not read again. Safe for use by several
 * threads, one at a time.
 */
public final class ResidentReader {

  private static final String MARKER = "---";

  /** By text, the documents of the file before; none of them has a fault. */
  private Map<String, List<Content>> known = Map.of();

  /** Shared by all that is known: what is wrong with documents together is told to it too. */
  private Faults faults = new Faults("");

  /** As {@link TopologyReader#read}. */
  public synchronized Topology read(String source, String yaml) {
    Optional<Topology> topology = readByDocument(source, yaml);
    if (topology.isEmpty()) {
      // Where faults lie is known to the one who reads the whole.
      known = Map.of();
      faults = new Faults("");
    }
    return topology.orElseGet(() -> TopologyReader.read(source, yaml));
  }

  /** Empty if there is any fault. */
  private Optional<Topology> readByDocument(String source, String yaml) {
    if (yaml.length() > YamlDocuments.MAX_LENGTH) {
      return Optional.empty();
    }
    Map<String, List<Content>> now = new HashMap<>();
    List<Content> contents = new ArrayList<>();
    for (String text : split(yaml)) {
      List<Content> document = known.get(text);
      if (document == null) {
        List<YamlValue> values = YamlDocuments.compose(source, text, faults);
        document = values.stream().map(TopologyReader::content).toList();
      }
      if (faults.any()) {
        return Optional.empty();
      }
      now.put(text, document);
      contents.addAll(document);
    }
    Optional<Topology> topology = TopologyReader.assemble(contents, faults);
    known = now;
    return topology.filter(t -> !faults.any());
  }

  /**
   * Before each line that begins a document. In a text that is YAML nothing else is in a line of
   * that look (YAML 1.2, section 9.1.2); of one that is not, some part is none either.
   */
  static List<String> split(String yaml) {
    List<String> out = new ArrayList<>();
    int start = 0;
    int line = 0;
    while (line < yaml.length()) {
      int end = yaml.indexOf('\n', line);
      int next = end < 0 ? yaml.length() : end + 1;
      if (line > start && yaml.startsWith(MARKER, line)) {
        out.add(yaml.substring(start, line));
        start = line;
      }
      line = next;
    }
    out.add(yaml.substring(start));
    return out;
  }
}
