package dev.sluice.cli.command;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
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
    exitCodeList = {HelpText.DONE, HelpText.USAGE, HelpText.OUR_FAULT, HelpText.INTERRUPTED})
public final class CompletionCommand implements Callable<Integer> {

  /** The shells that are known. */
  enum Shell {
    BASH,
    /** The same script, which turns zsh's emulation of bash's completion on by itself. */
    ZSH;

    /** The script that this shell can source. */
    String script(CommandLine root) {
      // Generated for start scripts of these names too, which there are not.
      return AutoComplete.bash("sluice", root).replace(" sluice sluice.sh sluice.bash", " sluice");
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Invocation invocation;

  private static final class ShellWords extends EnumWords<Shell> {
    private ShellWords() {
      super(Shell.values());
    }
  }

  @Parameters(
      paramLabel = "SHELL",
      converter = ShellWords.class,
      description = "One of: ${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.BASH;

  @Spec private CommandSpec command = CommandSpec.create();

  public CompletionCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    invocation.console().out().print(shell.script(command.root().commandLine()));
    return ExitStatus.DONE;
  }
}
