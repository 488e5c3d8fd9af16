package dev.sluice.cli.command;

import dev.sluice.core.reconcile.Intent;
import dev.sluice.core.reconcile.Plan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Takes a topology off a node. */
@Command(
    name = "destroy",
    header = "Take a topology off the node, and put back what it had borrowed.",
    description = {
      "Works on one that is half there too. Namespaces that were there before the topology stay,"
          + " as they were found."
    },
    footer = {"%nExample:", "  sluice destroy two-subnets"},
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      HelpText.DONE,
      "1:something could not be removed; destroy again once the cause is gone",
      HelpText.USAGE,
      HelpText.NO_TOPOLOGY,
      HelpText.LACKING,
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED
    })
public final class DestroyCommand implements Callable<Integer> {

  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "The topology's name, as status lists it.")
  private String name = "";

  @Mixin private SharedOptions.Output output = new SharedOptions.Output();
  @Mixin private SharedOptions.All all = new SharedOptions.All();
  @Mixin private SharedOptions.OfNode ofNode = new SharedOptions.OfNode();
  @Mixin private SharedOptions.Metrics metrics = new SharedOptions.Metrics();

  public DestroyCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    Privileges.require("destroy");
    try (NodeAccess access = NodeAccess.open(invocation, ofNode, metrics)) {
      Intent intent = access.topologies().stored(name);
      String datapath =
          intent.wanted().or(intent::previous).map(Intent.Declared::datapath).orElse("none");
      Change change = new Change(name, datapath);
      Plan done = access.topologies().destroy(name);
      change.print(invocation.console(), done, output.format, all.wanted, "destroyed");
    }
    return ExitStatus.DONE;
  }
}
