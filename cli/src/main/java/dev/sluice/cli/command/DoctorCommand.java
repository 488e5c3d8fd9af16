package dev.sluice.cli.command;

import dev.sluice.cli.command.DoctorDocument.Feature;
import dev.sluice.cli.command.DoctorDocument.HostCheck;
import dev.sluice.cli.output.Console;
import dev.sluice.cli.output.OutputFormat;
import dev.sluice.cli.output.Paint;
import dev.sluice.cli.output.Table;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.node.NodeFactsReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells what this host has and lacks. */
@Command(
    name = "doctor",
    header = "Tell what this host has and lacks for each datapath.",
    description = {
      "Features are tried, in a namespace that is thrown away, never guessed from a version."
          + " What killed runs have left is removed on the way. The routers of wires that topologies are"
          + " on are asked whether they answer the endpoints."
    },
    footer = {"%nExample:", "  sluice doctor -o json"},
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      "0:at least one datapath runs here, and its state can be kept",
      HelpText.USAGE,
      "69:none does, or a directory cannot be written; which is named",
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED
    })
public final class DoctorCommand implements Callable<Integer> {

  private final Invocation invocation;

  @Mixin private SharedOptions.Output output = new SharedOptions.Output();
  @Mixin private SharedOptions.OfNode ofNode = new SharedOptions.OfNode();

  public DoctorCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    Privileges.require("doctor");
    KernelFeatures features = NodeFactsReader.read(true).features();
    List<HostCheck> host;
    try (NodeAccess access = NodeAccess.open(invocation, ofNode)) {
      host = new ArrayList<>(HostChecks.of(access.node()));
      if (HostChecks.allow(host)) {
        host.addAll(WireChecks.of(access));
      }
    }
    DoctorDocument document =
        new DoctorDocument(
            features.release(),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version().toString(),
            Arrays.stream(KernelFeature.values()).map(f -> feature(f, features)).toList(),
            invocation.datapaths().values().stream()
                .map(d -> DatapathDocument.of(d, features))
                .toList(),
            host);
    if (output.format == OutputFormat.TABLE) {
      print(invocation.console(), document);
    } else {
      invocation.console().print(output.format, document);
    }
    boolean runs =
        document.datapaths().stream().anyMatch(d -> d.available().equals(DatapathDocument.YES));
    return runs && HostChecks.allow(host) ? ExitStatus.DONE : ExitStatus.LACKING;
  }

  private static Feature feature(KernelFeature feature, KernelFeatures features) {
    return new Feature(
        feature.name(),
        feature.title(),
        features.has(feature),
        feature.configOption(),
        feature.since());
  }

  static void print(Console console, DoctorDocument document) {
    console
        .out()
        .printf(
            "Linux %s, %d cores, Java %s%n%n",
            document.kernel(), document.cores(), document.java());
    Table features = new Table("FEATURE", "HERE", "OPTION", "SINCE");
    for (Feature feature : document.features()) {
      features.row(feature.title(), yes(feature.present()), feature.option(), feature.since());
    }
    console.print(features);
    console.out().println();
    console.print(DatapathsCommand.table(document.datapaths()));
    DatapathsCommand.remarks(console.out(), document.datapaths());
    console.out().println();
    Table host = new Table("HOST", "GOOD", "WHAT");
    document.host().forEach(h -> host.row(h.item(), yes(h.good()), h.detail()));
    console.print(host);
  }

  private static Table.Cell yes(boolean good) {
    return good ? new Table.Cell("yes", Paint.GOOD) : new Table.Cell("no", Paint.BAD);
  }
}
