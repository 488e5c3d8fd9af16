package dev.sluice.cli.command;

import dev.sluice.cli.output.OutputFormat;
import dev.sluice.cli.output.PlanDocument;
import dev.sluice.cli.output.PlanText;
import dev.sluice.cli.output.PlannedDocument;
import dev.sluice.cli.output.VerdictChangeText;
import dev.sluice.core.policy.VerdictChange;
import dev.sluice.core.policy.VerdictChanges;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.topology.Topology;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what apply would do. */
@Command(
    name = "plan",
    header = "Show what apply would change, and change nothing.",
    description = {
      "Signs: + is created, ~ changed in place, ± deleted and made anew, - deleted, < a value that"
          + " was lent is put back.",
      "",
      "Where the topology is stored already, what policy then lets through (+) and denies (-) that it"
          + " did not before comes after that: between the endpoints that both have, from them to the"
          + " node, and with the blocks of addresses that rules tell apart outside."
    },
    footer = {
      "%nExamples:",
      "  sluice plan examples/two-subnets.yaml",
      "  sluice plan examples/two-subnets.yaml --detailed-exitcode -o json"
    },
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      HelpText.DONE,
      "1:something that is not Sluice's stands in the way",
      HelpText.CHANGES,
      HelpText.USAGE,
      HelpText.BAD_INPUT,
      HelpText.LACKING,
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED
    })
public final class PlanCommand implements Callable<Integer> {

  private final Invocation invocation;

  @Mixin private Declaration declaration = new Declaration();
  @Mixin private SharedOptions.Output output = new SharedOptions.Output();
  @Mixin private SharedOptions.OfNode ofNode = new SharedOptions.OfNode();

  @Option(
      names = "--detailed-exitcode",
      description = "End with status 2 if there is something to change.")
  private boolean detailed;

  @Mixin private SharedOptions.All all = new SharedOptions.All();

  public PlanCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    Privileges.require("plan");
    Declaration.Content content = declaration.read(invocation);
    PolicyWarningText.print(invocation.console(), content.topology());
    LackText.print(invocation, content);
    Topology topology = content.topology();
    Plan plan;
    List<VerdictChange> changes;
    try (NodeAccess access = NodeAccess.open(invocation, ofNode)) {
      access.topologies().know(content.declared(), topology);
      plan = access.topologies().plan(content.declared());
      changes =
          access
              .topologies()
              .find(topology.name())
              .map(stored -> VerdictChanges.between(stored, topology))
              .orElse(List.of());
    }
    if (output.format == OutputFormat.TABLE) {
      PlanText.print(invocation.console(), plan, PlanText.Tense.PLANNED, all.wanted);
      VerdictChangeText.print(invocation.console(), changes, all.wanted);
    } else {
      PlanDocument steps = PlanDocument.of(topology.name(), content.declared().datapath(), plan);
      invocation.console().print(output.format, PlannedDocument.of(steps, changes, all.wanted));
    }
    return detailed && !plan.isEmpty() ? ExitStatus.CHANGES : ExitStatus.DONE;
  }
}
