package dev.sluice.cli.command;

import dev.sluice.cli.output.OutputFormat;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.topology.Topology;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads a file, and lets its datapath say whether it can honour it. Touches no kernel. */
@Command(
    name = "validate",
    header = "Tell whether a topology file is right, and fit for its datapath.",
    description = "Reads the file and nothing else: needs no root, asks no kernel.",
    footer = {
      "%nExamples:",
      "  sluice validate examples/two-subnets.yaml",
      "  generate-topology | sluice validate -"
    },
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      "0:the file is right",
      HelpText.USAGE,
      HelpText.BAD_INPUT,
      HelpText.OUR_FAULT,
      HelpText.INTERRUPTED
    })
public final class ValidateCommand implements Callable<Integer> {

  private final Invocation invocation;

  @Mixin private Declaration declaration = new Declaration();
  @Mixin private SharedOptions.Output output = new SharedOptions.Output();

  public ValidateCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  /** What {@code validate -o json} prints. */
  record Valid(String topology, String datapath, int networks, int endpoints, int objects) {}

  @Override
  public Integer call() {
    Declaration.Content content = declaration.read(invocation);
    PolicyWarningText.print(invocation.console(), content.topology());
    Topology topology = content.topology();
    String name = content.declared().datapath();
    // A machine that has everything: what this one lacks is for doctor and plan to say.
    NodeFacts facts = new NodeFacts("", new KernelFeatures("", EnumSet.allOf(KernelFeature.class)));
    int objects = invocation.datapaths().get(name).render(DesiredState.of(facts, topology)).size();
    Valid valid =
        new Valid(
            topology.name(),
            name,
            topology.networks().size(),
            topology.endpoints().size(),
            objects);
    if (output.format == OutputFormat.TABLE) {
      invocation
          .console()
          .out()
          .printf(
              "%s is valid: %d networks, %d endpoints; %d kernel objects on the %s datapath%n",
              valid.topology(),
              valid.networks(),
              valid.endpoints(),
              valid.objects(),
              valid.datapath());
    } else {
      invocation.console().print(output.format, valid);
    }
    return ExitStatus.DONE;
  }
}
