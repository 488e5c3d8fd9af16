package dev.sluice.cli.command;

import dev.sluice.cli.output.Console;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The program itself, and the options that every command has. */
@Command(
    name = "sluice",
    header = "Run one declared cross-namespace topology on a Linux datapath.",
    synopsisHeading = "Usage: ",
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    parameterListHeading = "%nArguments:%n",
    optionListHeading = "%nOptions:%n",
    footer = {"%nStart with: sluice doctor; then: sluice plan examples/two-subnets.yaml"},
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      HelpText.DONE,
      HelpText.FAILED,
      HelpText.CHANGES,
      HelpText.USAGE,
      HelpText.BAD_INPUT,
      HelpText.LACKING,
      HelpText.OUR_FAULT,
      HelpText.NOT_PERMITTED,
      HelpText.INTERRUPTED,
      HelpText.NOT_READ
    },
    scope = ScopeType.INHERIT,
    sortOptions = false,
    usageHelpAutoWidth = false,
    usageHelpWidth = 96)
public final class SluiceCommand {

  /** When to print in colour. */
  enum Colour {
    AUTO,
    ALWAYS,
    NEVER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final class ColourWords extends EnumWords<Colour> {
    private ColourWords() {
      super(Colour.values());
    }
  }

  @Option(
      names = "--color",
      paramLabel = "WHEN",
      converter = ColourWords.class,
      scope = ScopeType.INHERIT,
      order = 100,
      description =
          "Colour: ${COMPLETION-CANDIDATES} (the default: on a terminal, unless NO_COLOR is set).")
  private Colour colour = Colour.AUTO;

  @Option(
      names = {"-v", "--verbose"},
      scope = ScopeType.INHERIT,
      order = 101,
      description = "Log what is done, and the stack trace of a failure, on standard error.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      order = 102,
      description = "Show this help.")
  boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      order = 103,
      description = "Print the version.")
  boolean version;

  public boolean verbose() {
    return verbose;
  }

  /** Sets colours as they were asked for. */
  public void colour(Console console) {
    switch (colour) {
      case ALWAYS -> console.colour(true);
      case NEVER -> console.colour(false);
      case AUTO -> {}
    }
  }
}
