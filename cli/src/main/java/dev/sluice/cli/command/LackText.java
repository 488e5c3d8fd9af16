package dev.sluice.cli.command;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.TellsLacks;
import java.io.PrintStream;

/** Tells on standard error what a topology's networks lack on the chosen datapath. */
final class LackText {

  private LackText() {}

  static void print(Invocation invocation, Declaration.Content content) {
    Datapath datapath = invocation.datapaths().get(content.declared().datapath());
    if (datapath instanceof TellsLacks telling) {
      PrintStream err = invocation.console().err();
      telling.lacks(content.topology()).forEach(lack -> err.println("note: " + lack));
    }
  }
}
