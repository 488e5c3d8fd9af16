package dev.sluice.core.nft;

import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import java.util.List;
import java.util.Map;

/** nft(8) commands for tables. Pure. What is one text is to be run as one transaction. */
public final class NftScript {

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

  /** Deletes a table that is there. */
  public static String delete(NftTable table) {
    return "delete table " + table.family() + " " + table.name() + "\n";
  }

  /**
   * Leads from one content of a table to another, by the parts that differ: one transaction or two,
   * each of which is to be in force before the next begins. Two where chains that come last change
   * with others. None if nothing differs.
   */
  public static List<String> change(NftTable from, NftTable to) {
    return NftChange.isPossible(from, to)
        ? new NftChange(from, to).transactions()
        : List.of(replace(to));
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
