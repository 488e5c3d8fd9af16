package dev.sluice.cli.command;

import dev.sluice.cli.metrics.MetricsServer;
import dev.sluice.cli.output.Console.ClosableProgress;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;

/** The node that a command works on, with all that is open while it does. */
final class NodeAccess implements AutoCloseable {

  private final Optional<MetricsServer> metrics;
  private final ClosableProgress progress;
  private final Node node;
  private final NodeFacts facts;
  private final Topologies topologies;

  private NodeAccess(Invocation invocation, Optional<MetricsServer> metrics, Node node) {
    this.metrics = metrics;
    this.node = node;
    this.facts = NodeFactsReader.read(false);
    this.progress = invocation.progress();
    ReconcileObserver watcher =
        invocation.logged(new WatchedReconcile(progress, invocation.guard()));
    ReconcileObserver observer = metrics.map(m -> m.metered(watcher)).orElse(watcher);
    this.topologies =
        new Topologies(node, facts, invocation.kinds(), invocation.datapaths(), observer);
  }

  /** Without metrics. */
  static NodeAccess open(Invocation invocation, SharedOptions.OfNode which) {
    return open(invocation, which, new SharedOptions.Metrics());
  }

  /** The caller has made sure of its privileges. */
  static NodeAccess open(
      Invocation invocation, SharedOptions.OfNode which, SharedOptions.Metrics metrics) {
    Optional<MetricsServer> server = metrics.start(invocation.console());
    try {
      Node node = which.open();
      try {
        return new NodeAccess(invocation, server, node);
      } catch (RuntimeException e) {
        node.close();
        throw e;
      }
    } catch (RuntimeException e) {
      server.ifPresent(MetricsServer::close);
      throw e;
    }
  }

  Node node() {
    return node;
  }

  NodeFacts facts() {
    return facts;
  }

  Topologies topologies() {
    return topologies;
  }

  /** Where meters go, if any are asked for. */
  Optional<MeterRegistry> registry() {
    return metrics.map(MetricsServer::registry);
  }

  ClosableProgress progress() {
    return progress;
  }

  @Override
  public void close() {
    progress.close();
    node.close();
    metrics.ifPresent(MetricsServer::close);
  }
}
