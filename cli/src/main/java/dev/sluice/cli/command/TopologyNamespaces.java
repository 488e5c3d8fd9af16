package dev.sluice.cli.command;

import dev.sluice.core.check.CheckTarget;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.node.Node;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The namespaces of a topology on its node, open until closed; the node's is the caller's. */
final class TopologyNamespaces implements CheckTarget, AutoCloseable {

  private final Netns node;
  private final Map<String, Netns> endpoints = new HashMap<>();

  private TopologyNamespaces(Netns node) {
    this.node = node;
  }

  /**
   * Opens those of all endpoints; one that has gone, as all have after a boot, is a failure that
   * names it.
   */
  static TopologyNamespaces open(Node node, Topology topology) {
    TopologyNamespaces out = new TopologyNamespaces(node.netns());
    try {
      for (Endpoint endpoint : topology.endpoints()) {
        out.endpoints.put(endpoint.name(), open(node, endpoint.netns()));
      }
      return out;
    } catch (RuntimeException e) {
      out.close();
      throw e;
    }
  }

  private static Netns open(Node node, String name) {
    Path file = node.published(name);
    if (!Files.exists(file)) {
      throw new SluiceException(
          Category.TRANSIENT, "namespace " + name + " is gone: sluice apply mends it");
    }
    return Netns.open(file);
  }

  @Override
  public Netns node() {
    return node;
  }

  @Override
  public Netns endpoint(String name) {
    return Optional.ofNullable(endpoints.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no endpoint " + name));
  }

  @Override
  public void close() {
    endpoints.values().forEach(Netns::close);
  }
}
