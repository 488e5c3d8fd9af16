package dev.sluice.cli.command;

import dev.sluice.core.reconcile.Plan;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes a node hold a topology. */
@Command(
    name = "apply",
    header = "Make the node hold what a topology file declares.",
    description = {
      "Changes only what differs. A step that fails leads back to the topology as it was before."
          + " What is not Sluice's is never changed: if such a thing has a wanted name, nothing is"
          + " done."
    },
    footer = {
      "%nExamples:",
      "  sluice apply examples/two-subnets.yaml",
      "  sluice apply examples/two-subnets.yaml --node-netns lab --metrics-listen 127.0.0.1:9464"
    },
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      HelpText.DONE,
      HelpText.FAILED,
      HelpText.USAGE,
      HelpText.BAD_INPUT,
      HelpText.LACKING,
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED
    })
public final class ApplyCommand implements Callable<Integer> {

  private final Invocation invocation;

  @Mixin private Declaration declaration = new Declaration();
  @Mixin private SharedOptions.Output output = new SharedOptions.Output();
  @Mixin private SharedOptions.All all = new SharedOptions.All();
  @Mixin private SharedOptions.OfNode ofNode = new SharedOptions.OfNode();
  @Mixin private SharedOptions.Metrics metrics = new SharedOptions.Metrics();

  public ApplyCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    Privileges.require("apply");
    Declaration.Content content = declaration.read(invocation);
    PolicyWarningText.print(invocation.console(), content.topology());
    LackText.print(invocation, content);
    Change change = new Change(content.topology().name(), content.declared().datapath());
    try (NodeAccess access = NodeAccess.open(invocation, ofNode, metrics)) {
      access.topologies().know(content.declared(), content.topology());
      Plan done = access.topologies().apply(content.declared());
      change.print(invocation.console(), done, output.format, all.wanted, "applied");
    }
    return ExitStatus.DONE;
  }
}
