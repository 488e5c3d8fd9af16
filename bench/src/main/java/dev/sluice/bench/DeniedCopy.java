package dev.sluice.bench;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Established;
import dev.sluice.core.topology.TopologyReader;
import java.util.Optional;

/**
 * A topology file with all its policies replaced by one that lets nobody connect to the server: the
 * change of policy that is measured, there and back. Pure.
 */
final class DeniedCopy {

  private static final String DENIAL =
      """

      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: compare-isolates-the-server, namespace: %s}
      spec: {podSelector: {}, ingress: []}
      """;

  private DeniedCopy() {}

  /** Empty where that change would not end what is established, or the file is not of that form. */
  static Optional<String> of(String file, String source, Pair pair) {
    return TopologyDocument.of(source)
        .map(document -> document + DENIAL.formatted(pair.server().namespace()))
        .filter(text -> ends(file, text));
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
