package dev.sluice.cli.command;

import dev.sluice.bench.Options;
import dev.sluice.bench.SliceListener;
import dev.sluice.bench.TopologyDocument;
import dev.sluice.bench.WireRun;
import dev.sluice.bench.report.Results;
import dev.sluice.bench.report.Results.LeftOut;
import dev.sluice.bench.wire.FarEnd;
import dev.sluice.bench.wire.Wire;
import dev.sluice.bench.wire.WireEnd;
import dev.sluice.bench.wire.WirePair;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.topology.Topology;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A comparison between this host and another: where that is, and by which device it is reached. */
final class WireOptions {

  /** Of the environment, so that no list of processes shows it. */
  static final String TOKEN = "SLUICE_PEER_TOKEN";

  /** What is up at this end is stored by this name meanwhile. */
  private static final String NAME = "sluice-compare";

  @Option(
      names = "--peer",
      required = true,
      paramLabel = "HOST:PORT",
      converter = ListenAddress.class,
      description =
          "Measure between this host and the one where sluice peer listens there, each datapath at"
              + " both ends, one after another.")
  private Optional<InetSocketAddress> peer = Optional.empty();

  @Option(
      names = "--parent",
      required = true,
      paramLabel = "DEV",
      description = "With --peer: this host's interface on the wire between the two.")
  private Optional<String> parent = Optional.empty();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      converter = Token.class,
      description = "With --peer: what sluice peer has printed. Default: $" + TOKEN + ".")
  private Optional<String> token = Optional.empty();

  @Option(
      names = "--node-netns",
      paramLabel = "NAME",
      converter = NamespaceName.class,
      description = "With --peer: let this network namespace play this host.")
  private Optional<String> netns = Optional.empty();

  boolean wanted() {
    return peer.isPresent();
  }

  /** What the other host has to be told, if it is known. */
  Optional<String> secret() {
    return token.or(WireOptions::tokenOfEnvironment);
  }

  static Optional<String> tokenOfEnvironment() {
    return Optional.ofNullable(System.getenv(TOKEN));
  }

  /**
   * Measures.
   *
   * @param topology of the file, whose policies the other host is told as they stand there
   * @param names of the datapaths that were asked for; empty: all that both hosts can run
   * @param version of this program
   */
  Results measure(
      Invocation invocation,
      InputFile file,
      Topology topology,
      NodeFacts facts,
      List<String> names,
      Options options,
      String version,
      MeterRegistry registry,
      ReconcileObserver observer,
      SliceListener listener)
      throws InterruptedException {
    WirePair pair = WirePair.of(topology, TopologyDocument.policies(file.name(), file.text()));
    try (Node node = netns.map(Node::inNetns).orElseGet(Node::host)) {
      FarEnd far =
          FarEnd.connect(node.netns(), peer.orElseThrow(), secret().orElseThrow(), version);
      Wire wire =
          Wire.between(
              () ->
                  new WireEnd(
                      node,
                      NAME,
                      parent.orElseThrow(),
                      facts,
                      invocation.kinds(),
                      invocation.datapaths(),
                      observer),
              far,
              pair);
      try (wire) {
        List<LeftOut> leftOut = new ArrayList<>();
        List<Datapath> datapaths = choose(invocation, wire, facts, names, leftOut);
        return new WireRun(wire, datapaths, options, registry, listener)
            .run(topology, pair, facts, invocation.datapaths().values(), leftOut);
      }
    }
  }

  /** Those that both ends can run; of the others it is said why. */
  private static List<Datapath> choose(
      Invocation invocation,
      Wire wire,
      NodeFacts facts,
      List<String> names,
      List<LeftOut> leftOut) {
    List<Datapath> chosen = new ArrayList<>();
    PrintStream err = invocation.console().err();
    for (Datapath datapath : invocation.datapaths().values()) {
      List<String> why = wire.lacks(datapath, facts);
      if (why.isEmpty() && (names.isEmpty() || names.contains(datapath.name()))) {
        chosen.add(datapath);
      } else if (names.contains(datapath.name())) {
        throw new SluiceException(
            Category.ENVIRONMENT,
            "%s cannot be compared over this wire: %s"
                .formatted(datapath.name(), String.join("; ", why)));
      } else if (names.isEmpty()) {
        String text = String.join("; ", why);
        leftOut.add(new LeftOut(datapath.name(), text));
        err.println(datapath.name() + " is left out: " + text);
      }
    }
    if (chosen.isEmpty()) {
      throw new SluiceException(
          Category.ENVIRONMENT, "there is no datapath that both ends of the wire can run");
    }
    return chosen;
  }
}
