package dev.sluice.bench.report;

import dev.sluice.core.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What of a topology and its policies can bear on figures, in so few letters that two of one name
 * are told apart: comments, layout, defaults that are spelt out or not, and the datapath that the
 * file names make no difference. Pure.
 */
final class TopologyDigest {

  private static final int DIGITS = 16;

  private TopologyDigest() {}

  /** The start of a SHA-256 of the records. */
  static String of(Topology topology) {
    List<?> parts =
        List.of(
            topology.name(),
            topology.namespaces().stream()
                .map(n -> List.of(n.name(), ordered(n.labels())))
                .toList(),
            topology.networks(),
            topology.endpoints().stream()
                .map(
                    e ->
                        List.of(
                            e.name(),
                            e.netns(),
                            e.namespace(),
                            ordered(e.labels()),
                            e.interfaces(),
                            e.ports()))
                .toList(),
            topology.denyFrom(),
            topology.established(),
            topology.policies());
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha.digest(parts.toString().getBytes(StandardCharsets.UTF_8)))
          .substring(0, DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** An immutable map comes in another order in each process. */
  private static Map<String, String> ordered(Map<String, String> labels) {
    return new TreeMap<>(labels);
  }
}
