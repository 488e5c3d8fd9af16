package dev.sluice.cli.command;

import dev.sluice.cli.output.Console;
import dev.sluice.cli.output.OutputFormat;
import dev.sluice.cli.output.PlanDocument;
import dev.sluice.cli.output.PlanText;
import dev.sluice.core.reconcile.Plan;
import java.util.Locale;

/** A change of a node, from its beginning to the report of it. */
final class Change {

  private static final double NANOS = 1e9;

  private final String topology;
  private final String datapath;
  private final long started = System.nanoTime();

  Change(String topology, String datapath) {
    this.topology = topology;
    this.datapath = datapath;
  }

  /** Tells what was done, and how long it took. */
  void print(Console console, Plan done, OutputFormat format, boolean all, String verb) {
    double seconds = (System.nanoTime() - started) / NANOS;
    if (format == OutputFormat.TABLE) {
      PlanText.print(console, done, PlanText.Tense.DONE, all);
    } else {
      console.print(format, PlanDocument.of(topology, datapath, done));
    }
    console.out().flush();
    console.err().printf(Locale.ROOT, "%s %s in %.2f s%n", topology, verb, seconds);
  }
}
