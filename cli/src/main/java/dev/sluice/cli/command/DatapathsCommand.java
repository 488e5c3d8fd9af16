package dev.sluice.cli.command;

import dev.sluice.cli.output.OutputFormat;
import dev.sluice.cli.output.Paint;
import dev.sluice.cli.output.Table;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.node.NodeFactsReader;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the datapaths. */
@Command(
    name = "datapaths",
    header = "List the datapaths, and whether this host can run them.",
    description = "Whether it can is unknown to who is not root: finding out makes a namespace.",
    footer = {"%nExample:", "  sluice datapaths -o json"},
    exitCodeListHeading = HelpText.EXIT_HEADING,
    exitCodeList = {
      "0:done, whatever the host can run",
      HelpText.USAGE,
      HelpText.OUR_FAULT,
      HelpText.INTERRUPTED
    })
public final class DatapathsCommand implements Callable<Integer> {

  private final Invocation invocation;

  @Mixin private SharedOptions.Output output = new SharedOptions.Output();

  public DatapathsCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  /** What {@code datapaths -o json} prints. */
  record Listing(List<DatapathDocument> datapaths) {}

  @Override
  public Integer call() {
    List<DatapathDocument> datapaths = datapaths();
    if (output.format == OutputFormat.TABLE) {
      print(datapaths);
    } else {
      invocation.console().print(output.format, new Listing(datapaths));
    }
    return ExitStatus.DONE;
  }

  private List<DatapathDocument> datapaths() {
    if (!Privileges.present()) {
      return invocation.datapaths().values().stream().map(DatapathDocument::unprobed).toList();
    }
    KernelFeatures features = NodeFactsReader.read(false).features();
    return invocation.datapaths().values().stream()
        .map(d -> DatapathDocument.of(d, features))
        .toList();
  }

  private void print(List<DatapathDocument> datapaths) {
    invocation.console().print(table(datapaths));
    remarks(invocation.console().out(), datapaths);
  }

  static Table table(List<DatapathDocument> datapaths) {
    Table table = new Table("NAME", "AVAILABLE", "SUMMARY");
    for (DatapathDocument datapath : datapaths) {
      Paint paint =
          switch (datapath.available()) {
            case DatapathDocument.YES -> Paint.GOOD;
            case DatapathDocument.NO -> Paint.BAD;
            default -> Paint.CHANGED;
          };
      table.row(datapath.name(), new Table.Cell(datapath.available(), paint), datapath.summary());
    }
    return table;
  }

  /** What a table has no room for: lacks and notes, a line each. */
  static void remarks(PrintStream out, List<DatapathDocument> datapaths) {
    for (DatapathDocument datapath : datapaths) {
      datapath.lacks().forEach(lack -> out.println(datapath.name() + ": " + lack));
      datapath.notes().forEach(note -> out.println(datapath.name() + ": " + note));
    }
  }
}
