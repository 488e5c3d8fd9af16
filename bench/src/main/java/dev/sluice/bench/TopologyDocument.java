package dev.sluice.bench;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The Topology of a file, apart from its policies. Pure. */
public final class TopologyDocument {

  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---.*$");
  private static final Pattern TOPOLOGY = Pattern.compile("(?m)^kind: *Topology *$");

  /** Why {@link #of} is empty. */
  static final String MISSING = "the file has no Topology document in block style";

  private TopologyDocument() {}

  /** Its text; empty where the file is not of a form that it could be told in. */
  static Optional<String> of(String source) {
    List<String> documents =
        documents(source).filter(document -> TOPOLOGY.matcher(document).find()).toList();
    return documents.size() == 1 ? Optional.of(documents.get(0)) : Optional.empty();
  }

  /**
   * The other documents of a file, each after a separator: its policies.
   *
   * @param file its name, for the fault
   * @throws SluiceException if the file is not of a form that they could be told in
   */
  public static String policies(String file, String source) {
    if (of(source).isEmpty()) {
      throw new SluiceException(Category.USER, file + ": " + MISSING);
    }
    return documents(source)
        .filter(document -> !TOPOLOGY.matcher(document).find())
        .filter(document -> !document.isEmpty())
        .map(document -> "---\n" + document + "\n")
        .collect(Collectors.joining());
  }

  private static Stream<String> documents(String source) {
    return Arrays.stream(SEPARATOR.split(source, -1)).map(String::strip);
  }
}
