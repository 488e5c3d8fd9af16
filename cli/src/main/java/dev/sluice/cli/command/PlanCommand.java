package dev.sluice.cli.command;

import dev.sluice.cli.output.OutputFormat;
import dev.sluice.cli.output.PlanDocument;
import dev.sluice.cli.output.PlanText;
import dev.sluice.core.reconcile.Plan;
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
          + " was lent is put back."
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
    Plan plan;
    try (NodeAccess access = NodeAccess.open(invocation, ofNode)) {
      plan = access.topologies().plan(content.declared());
    }
    if (output.format == OutputFormat.TABLE) {
      PlanText.print(invocation.console(), plan, PlanText.Tense.PLANNED, all.wanted);
    } else {
      invocation
          .console()
          .print(
              output.format,
              PlanDocument.of(content.topology().name(), content.declared().datapath(), plan));
    }
    return detailed && !plan.isEmpty() ? ExitStatus.CHANGES : ExitStatus.DONE;
  }
}
