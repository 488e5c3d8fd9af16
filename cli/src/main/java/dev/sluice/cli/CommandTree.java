package dev.sluice.cli;

import dev.sluice.cli.command.ApplyCommand;
import dev.sluice.cli.command.CheckCommand;
import dev.sluice.cli.command.CompareCommand;
import dev.sluice.cli.command.CompletionCommand;
import dev.sluice.cli.command.DatapathsCommand;
import dev.sluice.cli.command.DestroyCommand;
import dev.sluice.cli.command.DoctorCommand;
import dev.sluice.cli.command.Invocation;
import dev.sluice.cli.command.PeerCommand;
import dev.sluice.cli.command.PlanCommand;
import dev.sluice.cli.command.PolicyCommand;
import dev.sluice.cli.command.SluiceCommand;
import dev.sluice.cli.command.StatusCommand;
import dev.sluice.cli.command.ValidateCommand;
import dev.sluice.cli.command.VerdictCommand;
import dev.sluice.cli.output.Console;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.RunLast;

/** All commands, in the order that the help has them. */
final class CommandTree {

  private CommandTree() {}

  static CommandLine create(Console console, Invocation invocation) {
    SluiceCommand root = new SluiceCommand();
    Failures failures = new Failures(console, root::verbose);
    CommandLine line =
        new CommandLine(root)
            .addSubcommand(new ValidateCommand(invocation))
            .addSubcommand(new PlanCommand(invocation))
            .addSubcommand(new ApplyCommand(invocation))
            .addSubcommand(new StatusCommand(invocation))
            .addSubcommand(new CheckCommand(invocation))
            .addSubcommand(new PolicyCommand(invocation))
            .addSubcommand(new VerdictCommand(invocation))
            .addSubcommand(new DestroyCommand(invocation))
            .addSubcommand(new DatapathsCommand(invocation))
            .addSubcommand(new DoctorCommand(invocation))
            .addSubcommand(new CompareCommand(invocation))
            .addSubcommand(new PeerCommand(invocation))
            .addSubcommand(new CompletionCommand(invocation));
    line.getCommandSpec().version(Version.text());
    return line.setCaseInsensitiveEnumValuesAllowed(true)
        .setOut(writer(console.out()))
        .setErr(writer(console.err()))
        .setColorScheme(Help.defaultColorScheme(console.colour() ? Ansi.ON : Ansi.OFF))
        .setParameterExceptionHandler(failures::usage)
        .setExecutionExceptionHandler((e, command, parsed) -> failures.report(e))
        .setExecutionStrategy(
            parsed -> {
              root.colour(console);
              if (root.verbose()) {
                System.setProperty(LogConfigurator.VERBOSE, "true");
                invocation.verbose();
              }
              return new RunLast().execute(parsed);
            });
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
  }
}
