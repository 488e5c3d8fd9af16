package dev.sluice.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The Topology of a file, apart from its policies. Pure. */
final class TopologyDocument {

  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---.*$");
  private static final Pattern TOPOLOGY = Pattern.compile("(?m)^kind: *Topology *$");

  /** Why {@link #of} is empty. */
  static final String MISSING = "the file has no Topology document in block style";

  private TopologyDocument() {}

  /** Its text; empty where the file is not of a form that it could be told in. */
  static Optional<String> of(String source) {
    List<String> documents =
        Arrays.stream(SEPARATOR.split(source, -1))
            .filter(document -> TOPOLOGY.matcher(document).find())
            .map(String::strip)
            .toList();
    return documents.size() == 1 ? Optional.of(documents.get(0)) : Optional.empty();
  }
}
