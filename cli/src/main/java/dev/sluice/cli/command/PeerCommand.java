package dev.sluice.cli.command;

import dev.sluice.bench.wire.Peer;
import dev.sluice.bench.wire.WireEnd;
import dev.sluice.cli.output.Console.ClosableProgress;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.reconcile.ReconcileObserver;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The other end of a comparison between two hosts. */
@Command(
    name = "peer",
    header = "Be the other end of a comparison between two hosts.",
    description = {
      "Brings up what sluice compare --peer on another host asks for: one endpoint of its topology,"
          + " on one datapath after another, as a host of the wire that DEV is on; takes it down"
          + " again, and runs until it is interrupted. Only who knows the token is served, one at a"
          + " time. The connection is not encrypted: use it on a network that you trust."
    },
    footer = {"%nExamples:", "  sluice peer --listen 192.0.2.7:7463 --parent eth1"},
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      "1:the address cannot be listened on, or another process is a peer on this host",
      HelpText.USAGE,
      "65:there is no such interface",
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED
    })
public final class PeerCommand implements Callable<Integer> {

  /** What is up at this end is stored by this name meanwhile. */
  private static final String NAME = "sluice-peer";

  private final Invocation invocation;

  @Option(
      names = "--listen",
      required = true,
      paramLabel = "HOST:PORT",
      converter = ListenAddress.class,
      description =
          "Where the other host reaches this one: one address of it, and nowhere else is listened."
              + " Port 0 takes a free one.")
  private Optional<InetSocketAddress> listen = Optional.empty();

  @Option(
      names = "--parent",
      required = true,
      paramLabel = "DEV",
      description = "This host's interface on the wire between the two.")
  private Optional<String> parent = Optional.empty();

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      converter = Token.class,
      description =
          "What the other host has to know, 16 characters or more. Default: $"
              + WireOptions.TOKEN
              + ", or else a fresh one, which is printed.")
  private Optional<String> token = Optional.empty();

  @Mixin private SharedOptions.OfNode node = new SharedOptions.OfNode();
  @Spec private CommandSpec command = CommandSpec.create();

  public PeerCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    Privileges.require("peer");
    requireOneAddress(listen.orElseThrow().getAddress());
    PrintStream err = invocation.console().err();
    Optional<String> given = token.or(WireOptions::tokenOfEnvironment);
    String secret = given.orElseGet(Peer::freshToken);
    try (ClosableProgress progress = invocation.progress();
        Node here = node.open()) {
      // A change that is cut short is not led back: the peer takes it down.
      ReconcileObserver observer = invocation.logged(new WatchedReconcile(progress, () -> {}));
      String version = command.root().version()[0];
      try (WireEnd end =
              new WireEnd(
                  here,
                  NAME,
                  parent.orElseThrow(),
                  NodeFactsReader.read(false),
                  invocation.kinds(),
                  invocation.datapaths(),
                  observer);
          Peer peer = Peer.listen(end, listen.orElseThrow(), secret, version, err::println)) {
        InetSocketAddress address = peer.address();
        String host = address.getAddress().getHostAddress();
        err.println(
            "on the other host: sluice compare FILE --parent DEV --peer %s:%d --token %s"
                .formatted(
                    host.contains(":") ? "[" + host + "]" : host,
                    address.getPort(),
                    given.isPresent() ? "TOKEN" : secret));
        peer.serve();
      }
    }
    return ExitStatus.DONE;
  }

  /** Whoever listens everywhere listens on networks too that it does not trust. */
  private void requireOneAddress(InetAddress address) {
    if (address.isAnyLocalAddress()) {
      throw new ParameterException(
          command.commandLine(),
          "--listen: %s is every address of the host; give the one that the client reaches"
              .formatted(address.getHostAddress()));
    }
  }
}
