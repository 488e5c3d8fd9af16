package dev.sluice.bench;

import dev.sluice.bench.workload.Endpoints;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.sys.Netns;
import java.util.function.Consumer;

/**
 * One thing of the control plane that is created, changed and destroyed in a throwaway node of its
 * own, each of which is over when packets show it.
 */
final class ControlNode implements AutoCloseable {

  private final ThrowawayNode throwaway;
  private final Pair pair;
  private final String client;
  private final String server;
  private final int links;

  /**
   * An empty node.
   *
   * @param prepare what it holds before
   * @param client the name of the client's namespace on the node; empty: the node itself
   * @param server that of the server's
   */
  ControlNode(String label, Pair pair, Consumer<Node> prepare, String client, String server) {
    this.throwaway = ThrowawayNode.create(label);
    this.pair = pair;
    this.client = client;
    this.server = server;
    try {
      prepare.accept(throwaway.node());
      this.links = links();
    } catch (RuntimeException e) {
      throwaway.close();
      throw e;
    }
  }

  Node node() {
    return throwaway.node();
  }

  private int links() {
    return node()
        .netns()
        .call(
            () -> {
              try (RouteSocket route = RouteSocket.open()) {
                return route.links().size();
              }
            });
  }

  /** Nanoseconds that {@code create} takes until a connection stands. */
  double create(Runnable create) {
    long start = System.nanoTime();
    create.run();
    try (Ends ends = ends()) {
      EffectWatch.awaitOpen(ends.endpoints);
    }
    return System.nanoTime() - start;
  }

  /** Nanoseconds until {@code change} ends a busy connection, or else lets a new one come about. */
  double change(boolean closes, Runnable change) {
    try (Ends ends = ends()) {
      return closes
          ? EffectWatch.untilClosed(ends.endpoints, change)
          : EffectWatch.untilOpen(ends.endpoints, change);
    }
  }

  /** Nanoseconds that {@code destroy} takes until the node has no links of ours any more. */
  double destroy(Runnable destroy) {
    long start = System.nanoTime();
    destroy.run();
    while (links() > links) {
      Thread.onSpinWait();
    }
    return System.nanoTime() - start;
  }

  private Ends ends() {
    Netns from = client.isEmpty() ? node().netns() : Netns.open(node().published(client));
    Netns to = Netns.open(node().published(server));
    return new Ends(
        new Endpoints(from, to, pair.serverAddress(), pair.tcpPort(), pair.udpPort()),
        !client.isEmpty());
  }

  /** The namespaces, held open no longer than they are needed: an open one does not go. */
  private record Ends(Endpoints endpoints, boolean ownsClient) implements AutoCloseable {
    @Override
    public void close() {
      try (Netns server = endpoints.server()) {
        if (ownsClient && server != endpoints.client()) {
          endpoints.client().close();
        }
      }
    }
  }

  @Override
  public void close() {
    throwaway.close();
  }
}
