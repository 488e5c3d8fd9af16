package dev.sluice.core.nft;

import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** nft(8) commands for tables. Pure. Each script is to be run as one transaction. */
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
   * Leads from one content of a table to another: by the elements that differ, where nothing else
   * does.
   *
   * @return one script, or two where a chain that comes last has changed
   */
  public static List<String> change(NftTable from, NftTable to) {
    return Change.of(from, to).map(Change::scripts).orElseGet(() -> List.of(replace(to)));
  }

  private static String sort(NftSet set) {
    return set.map() ? "map" : "set";
  }

  private static String elements(Map<String, String> elements) {
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

  /** The way between two contents that differ in parts; commands in the order that nft wants. */
  private static final class Change {

    private final NftTable to;
    private final Map<String, NftSet> oldSets;
    private final Map<String, NftSet> newSets;
    private final Map<String, NftChain> oldChains;
    private final Map<String, NftChain> newChains;
    private final StringBuilder first = new StringBuilder();
    private final StringBuilder last = new StringBuilder();
    private StringBuilder out = first;

    private Change(NftTable from, NftTable to) {
      this.to = to;
      this.oldSets = byName(from.sets(), NftSet::name);
      this.newSets = byName(to.sets(), NftSet::name);
      this.oldChains = byName(from.chains(), NftChain::name);
      this.newChains = byName(to.chains(), NftChain::name);
      write(from);
    }

    /**
     * Empty where the whole has to be replaced: a base chain that changes or goes (its device may
     * have taken it along already), a set that is declared otherwise, an altered table.
     */
    static Optional<Change> of(NftTable from, NftTable to) {
      Map<String, NftChain> chains = byName(to.chains(), NftChain::name);
      Map<String, NftSet> sets = byName(to.sets(), NftSet::name);
      boolean chainsStay =
          from.chains().stream()
              .allMatch(
                  c ->
                      chains.containsKey(c.name())
                          ? chains.get(c.name()).hook().equals(c.hook())
                          : c.hook().isEmpty());
      boolean setsStay =
          from.sets().stream()
              .allMatch(
                  s ->
                      !sets.containsKey(s.name())
                          || (sets.get(s.name()).map() == s.map()
                              && sets.get(s.name()).declaration().equals(s.declaration())));
      return from.isAltered() || !chainsStay || !setsStay
          ? Optional.empty()
          : Optional.of(new Change(from, to));
    }

    List<String> scripts() {
      return last.isEmpty()
          ? List.of(first.toString())
          : List.of(first.toString(), last.toString());
    }

    private void write(NftTable from) {
      for (String counter : without(to.counters(), from.counters())) {
        command("add counter", counter);
      }
      for (NftSet set : newSets.values()) {
        if (!oldSets.containsKey(set.name())) {
          command("add " + sort(set), set.name() + " { " + set.declaration() + " }");
        }
      }
      for (NftChain chain : newChains.values()) {
        if (!oldChains.containsKey(chain.name())) {
          command("add chain", chain.name() + chain.hook().map(h -> " { " + h + "; }").orElse(""));
        }
      }
      // Elements name chains: those of the old go before the chains that they name.
      newSets.values().forEach(this::elementsOf);
      List<NftChain> rewritten = new ArrayList<>();
      for (NftChain chain : newChains.values()) {
        NftChain old = oldChains.get(chain.name());
        if (old == null) {
          rewritten.add(chain);
        } else if (!old.rules().equals(chain.rules()) && !chain.last()) {
          command("flush chain", chain.name());
          rewritten.add(chain);
        }
      }
      List<String> goneChains = without(oldChains.keySet(), newChains.keySet());
      goneChains.forEach(c -> command("flush chain", c));
      for (NftChain chain : rewritten) {
        chain.rules().forEach(r -> command("add rule", chain.name() + " " + r));
      }
      List<NftSet> goneSets =
          without(oldSets.keySet(), newSets.keySet()).stream().map(oldSets::get).toList();
      // A map's elements hold on to the chains and counters that they name.
      goneSets.forEach(s -> command("flush " + sort(s), s.name()));
      goneChains.forEach(c -> command("delete chain", c));
      goneSets.forEach(s -> command("delete " + sort(s), s.name()));
      without(from.counters(), to.counters()).forEach(c -> command("delete counter", c));
      out = last;
      for (NftChain chain : newChains.values()) {
        NftChain old = oldChains.get(chain.name());
        if (chain.last() && old != null && !old.rules().equals(chain.rules())) {
          command("flush chain", chain.name());
          chain.rules().forEach(r -> command("add rule", chain.name() + " " + r));
        }
      }
    }

    private void elementsOf(NftSet set) {
      Map<String, String> old =
          oldSets.containsKey(set.name()) ? oldSets.get(set.name()).elements() : Map.of();
      Map<String, String> gone = differing(old, set.elements());
      Map<String, String> come = differing(set.elements(), old);
      if (!gone.isEmpty()) {
        command("delete element", set.name() + " " + elements(gone));
      }
      if (!come.isEmpty()) {
        command("add element", set.name() + " " + elements(come));
      }
    }

    private void command(String verb, String object) {
      out.append(verb).append(' ').append(to.family()).append(' ').append(to.name());
      out.append(' ').append(object).append('\n');
    }

    /** The entries of {@code some} that {@code others} has not. */
    private static Map<String, String> differing(
        Map<String, String> some, Map<String, String> others) {
      Map<String, String> differing = new LinkedHashMap<>();
      some.forEach(
          (key, value) -> {
            if (!value.equals(others.get(key))) {
              differing.put(key, value);
            }
          });
      return differing;
    }

    private static List<String> without(Iterable<String> some, Iterable<String> others) {
      Set<String> left = new LinkedHashSet<>();
      some.forEach(left::add);
      others.forEach(left::remove);
      return List.copyOf(left);
    }

    private static <T> Map<String, T> byName(List<T> items, Function<T, String> name) {
      Map<String, T> named = new LinkedHashMap<>();
      items.forEach(i -> named.put(name.apply(i), i));
      return named;
    }
  }
}
