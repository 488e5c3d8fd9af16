package dev.sluice.cli.command;

import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.TopologyReader;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * The topology that a command line declares: a file, and the datapath that overrides the file's.
 */
final class Declaration {

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = "The topology file; - for standard input.")
  private Path file = Path.of("");

  @Option(
      names = "--datapath",
      paramLabel = "NAME",
      description = "Run on this datapath instead of the one that the file names.")
  private Optional<String> datapath = Optional.empty();

  @Spec(Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  /** What was read. */
  record Content(Topology topology, Declared declared) {}

  /** Reads the file; a fault of it is bad input, an override that there is not is wrong usage. */
  Content read(Invocation invocation) {
    datapath.ifPresent(name -> invocation.datapath(command, name));
    InputFile text = InputFile.read(file.toString(), invocation.console().in());
    Topology topology = TopologyReader.read(text.name(), text.text());
    String runsOn = datapath.orElse(topology.datapath());
    if (!invocation.datapaths().containsKey(runsOn)) {
      TopologyReader.requireDatapath(text.name(), text.text(), invocation.datapaths().keySet());
    }
    return new Content(topology, new Declared(runsOn, text.name(), text.text()));
  }
}
