package dev.sluice.cli.output;

import dev.sluice.core.policy.VerdictChange;
import java.util.List;

/** What begins and ceases to pass, as people read it. */
public final class VerdictChangeText {

  /** More than these are counted, unless all are asked for. */
  static final int SHOWN = 50;

  private VerdictChangeText() {}

  /** Prints {@code changes}, if there are any; {@code all}: each, with every name. */
  public static void print(Console console, List<VerdictChange> changes, boolean all) {
    if (changes.isEmpty()) {
      return;
    }
    Table table = new Table("", "SOURCE", "DESTINATION", "PORTS");
    for (VerdictChange change : all ? changes : changes.stream().limit(SHOWN).toList()) {
      table.row(
          change.starts() ? new Table.Cell("+", Paint.GOOD) : new Table.Cell("-", Paint.BAD),
          names(change.sources(), all),
          names(change.destinations(), all),
          PolicyText.shortly(change.ports()));
    }
    console.out().println();
    console.print(table);
    if (!all && changes.size() > SHOWN) {
      console.out().println("(--all lists each of the " + changes.size() + " lines)");
    }
    console
        .out()
        .printf(
            "between %d pairs something starts to pass, between %d something stops%n",
            pairs(changes, true), pairs(changes, false));
  }

  private static String names(List<String> names, boolean all) {
    return all ? String.join(", ", names) : PolicyText.several(names);
  }

  /** Of a source and a destination between which something starts, or stops, to pass. */
  static long pairs(List<VerdictChange> changes, boolean starts) {
    return changes.stream().filter(c -> c.starts() == starts).mapToLong(VerdictChange::pairs).sum();
  }
}
