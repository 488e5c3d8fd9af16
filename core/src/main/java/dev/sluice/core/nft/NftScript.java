package dev.sluice.core.nft;

import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.ChainChange;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** nft(8) commands for tables. Pure. What is one text is to be run as one transaction. */
public final class NftScript {

  private static final List<String> ACCEPT = List.of("accept");

  private NftScript() {}

  /** Makes {@code table} what it says, whatever there is of that name. */
  public static String replace(NftTable table) {
    String name = table.family() + " " + table.name();
    StringBuilder out = new StringBuilder();
    // Deleting what is not there is an error; adding what is there is none.
    out.append("add table ").append(name).append("\ndelete table ").append(name).append('\n');
    out.append("table ").append(name).append(" {\n");
    table.counters().forEach(c -> out.append("counter ").append(c).append(" { }\n"));
    for (NftSet set : table.sets()) {
      out.append(sort(set)).append(' ').append(set.name());
      out.append(" { ").append(set.declaration());
      if (!set.elements().isEmpty()) {
        out.append(" elements = ").append(elements(set.elements()));
      }
      out.append(" }\n");
    }
    for (NftChain chain : table.chains()) {
      out.append("chain ").append(chain.name()).append(" {\n");
      chain.hook().ifPresent(h -> out.append(h).append(";\n"));
      chain.rules().forEach(r -> out.append(r).append('\n'));
      out.append("}\n");
    }
    return out.append("}\n").toString();
  }

  /**
   * Makes {@code table} what it says, as {@link #replace}, in transactions each of which is to be
   * in force before the next begins: while the first is not, packets may meet its rules without the
   * elements that they look for, and what such packets are given must not last.
   */
  public static List<NftTransaction> make(NftTable table) {
    String then = rules(table, NftChain::rules);
    if (then.isEmpty()) {
      return List.of(NftTransaction.of(replace(table)));
    }
    List<NftChain> chains =
        table.chains().stream()
            .map(c -> isAcceptingMeanwhile(c) ? new NftChain(c.name(), c.hook(), ACCEPT) : c)
            .toList();
    NftTable first =
        new NftTable(
            table.netns(),
            table.family(),
            table.name(),
            table.counters(),
            table.sets(),
            chains,
            table.links(),
            table.claims());
    return List.of(NftTransaction.of(replace(first)), NftTransaction.of(then));
  }

  /** Deletes a table that is there, in transactions as {@link #make} has them. */
  public static List<NftTransaction> delete(NftTable table) {
    String delete = "delete table " + table.family() + " " + table.name() + "\n";
    String first = rules(table, c -> ACCEPT);
    return first.isEmpty()
        ? List.of(NftTransaction.of(delete))
        : List.of(NftTransaction.of(first), NftTransaction.of(delete));
  }

  /** Gives other rules to the chains that accept while anything else changes. */
  private static String rules(NftTable table, Function<NftChain, List<String>> rules) {
    StringBuilder out = new StringBuilder();
    for (NftChain chain : table.chains()) {
      if (isAcceptingMeanwhile(chain)) {
        String name = table.family() + " " + table.name() + " " + chain.name();
        out.append("flush chain ").append(name).append('\n');
        rules
            .apply(chain)
            .forEach(r -> out.append("add rule ").append(name).append(' ').append(r).append('\n'));
      }
    }
    return out.toString();
  }

  private static boolean isAcceptingMeanwhile(NftChain chain) {
    return chain.change() == ChainChange.ACCEPTING_MEANWHILE;
  }

  /**
   * Leads from one content of a table to another, by the parts that differ: one transaction or two,
   * each of which is to be in force before the next begins. Two where chains that come last change
   * with others. None if nothing differs.
   */
  public static List<NftTransaction> change(NftTable from, NftTable to) {
    return NftChange.isPossible(from, to) ? new NftChange(from, to).transactions() : make(to);
  }

  static String sort(NftSet set) {
    return set.map() ? "map" : "set";
  }

  static String elements(Map<String, String> elements) {
    StringBuilder out = new StringBuilder("{ ");
    elements.forEach(
        (key, value) -> {
          out.append(key);
          if (!value.isEmpty()) {
            out.append(" : ").append(value);
          }
          out.append(", ");
        });
    return out.append("}").toString();
  }
}
