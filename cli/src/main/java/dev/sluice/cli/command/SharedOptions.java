package dev.sluice.cli.command;

import dev.sluice.cli.metrics.MetricsServer;
import dev.sluice.cli.output.Console;
import dev.sluice.cli.output.OutputFormat;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeDirectories;
import dev.sluice.core.reconcile.Intent;
import dev.sluice.core.reconcile.IntentStore;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that several commands share, each a mixin of its own. */
final class SharedOptions {

  private SharedOptions() {}

  /** How data is printed. */
  static final class Output {
    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        converter = FormatWords.class,
        description = "How to print data: ${COMPLETION-CANDIDATES} (the default: table).")
    OutputFormat format = OutputFormat.TABLE;
  }

  private static final class FormatWords extends EnumWords<OutputFormat> {
    private FormatWords() {
      super(OutputFormat.values());
    }
  }

  /** Which node. */
  static final class OfNode {
    @Option(
        names = "--node-netns",
        paramLabel = "NAME",
        converter = NamespaceName.class,
        description =
            "Work on the node that this network namespace plays, with names and state of its own,"
                + " instead of on this host.")
    private Optional<String> netns = Optional.empty();

    /** That one, opened. */
    Node open() {
      return netns.map(OfNode::open).orElseGet(Node::host);
    }

    /** A node whose namespace has gone may have topologies nevertheless: those are told too. */
    private static Node open(String name) {
      try {
        return Node.inNetns(name);
      } catch (SluiceException e) {
        List<String> stored =
            new IntentStore(NodeDirectories.inNetns(name).state())
                .all().stream().map(Intent::topology).toList();
        if (stored.isEmpty()) {
          throw e;
        }
        throw new SluiceException(
            e.category(),
            "%s; then sluice apply mends, and sluice destroy takes away, what is stored for it: %s"
                .formatted(e.getMessage(), String.join(", ", stored)),
            e);
      }
    }
  }

  /** How much of a long plan is shown. */
  static final class All {
    @Option(
        names = "--all",
        description =
            "List every step and every changed verdict, however many; else over 200 steps are"
                + " counted.")
    boolean wanted;
  }

  /** Where meters are served. */
  static final class Metrics {
    @Option(
        names = "--metrics-listen",
        paramLabel = "HOST:PORT",
        converter = ListenAddress.class,
        description =
            "Serve Prometheus metrics at http://HOST:PORT/metrics while the command runs."
                + " HOST is an IP address; port 0 takes a free one.")
    private Optional<InetSocketAddress> listen = Optional.empty();

    /** Starts to serve them, if that was asked for, and says where. */
    Optional<MetricsServer> start(Console console) {
      Optional<MetricsServer> server = listen.map(MetricsServer::start);
      server.ifPresent(s -> console.err().println("metrics: " + s.url()));
      return server;
    }
  }
}
