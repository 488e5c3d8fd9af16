package dev.sluice.cli.command;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints the script that completes command lines. */
@Command(
    name = "completion",
    header = "Print the completion script for a shell.",
    footer = {
      "%nExamples:",
      "  source <(sluice completion bash)",
      "  source <(sluice completion zsh)"
    },
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {HelpText.DONE, HelpText.USAGE})
public final class CompletionCommand implements Callable<Integer> {

  /** The shells that are known. */
  enum Shell {
    BASH(""),
    /** By zsh's emulation of bash's completion (zshcompsys(1)). */
    ZSH("autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit\n");

    private final String preamble;

    Shell(String preamble) {
      this.preamble = preamble;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Invocation invocation;

  @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.BASH;

  @Spec private CommandSpec command = CommandSpec.create();

  public CompletionCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    invocation
        .console()
        .out()
        .print(shell.preamble + AutoComplete.bash("sluice", command.root().commandLine()));
    return ExitStatus.DONE;
  }
}
