package dev.sluice.bench;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Established;
import dev.sluice.core.topology.TopologyReader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A topology file with all its policies replaced by one that lets nobody connect to the server: the
 * change of policy that is measured, there and back. Pure.
 */
final class DeniedCopy {

  private static final Pattern SEPARATOR = Pattern.compile("(?m)^---.*$");
  private static final Pattern TOPOLOGY = Pattern.compile("(?m)^kind: *Topology *$");

  private DeniedCopy() {}

  /** Empty where that change would not end what is established, or the file is not of that form. */
  static Optional<String> of(String file, String source, Pair pair) {
    List<String> documents =
        Arrays.stream(SEPARATOR.split(source, -1))
            .filter(document -> TOPOLOGY.matcher(document).find())
            .toList();
    if (documents.size() != 1) {
      return Optional.empty();
    }
    String copy =
        """
        %s
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: compare-isolates-the-server, namespace: %s}
        spec: {podSelector: {}, ingress: []}
        """
            .formatted(documents.get(0).strip(), pair.server().namespace());
    return Optional.of(copy).filter(text -> ends(file, text));
  }

  private static boolean ends(String file, String text) {
    try {
      Topology topology = TopologyReader.read(file, text);
      return topology.established() == Established.REVOKE;
    } catch (SluiceException e) {
      return false;
    }
  }
}
