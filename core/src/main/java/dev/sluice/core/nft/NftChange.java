package dev.sluice.core.nft;

import dev.sluice.core.kernel.NftTable;
import dev.sluice.core.kernel.NftTable.ChainChange;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.netlink.Request;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The way between two contents of a table that differ in parts, in the order that nft wants. */
final class NftChange {

  /**
   * Of intervals over several fields the kernel deletes one element in the time in which it adds an
   * eighth of the whole set: it looks for it from the first on (Linux 6.18, {@code
   * nft_pipapo_remove}). If more go than this, the set is made anew.
   */
  private static final int FEW_DELETIONS = 8;

  private final NftTable from;
  private final NftTable to;
  private final Map<String, NftSet> oldSets;
  private final Map<String, NftSet> newSets;
  private final Map<String, NftChain> oldChains;
  private final Map<String, NftChain> newChains;

  /** By set. */
  private final Map<String, ElementDiff> diffs = new HashMap<>();

  /** Sets that are made anew, and the chains whose rules look into them. */
  private final Set<String> rebuilt = new LinkedHashSet<>();

  private final Set<String> loosened = new LinkedHashSet<>();

  NftChange(NftTable from, NftTable to) {
    this.from = from;
    this.to = to;
    this.oldSets = byName(from.sets(), NftSet::name);
    this.newSets = byName(to.sets(), NftSet::name);
    this.oldChains = byName(from.chains(), NftChain::name);
    this.newChains = byName(to.chains(), NftChain::name);
    newSets.values().forEach(this::rebuildIfQuicker);
  }

  /**
   * Not where the whole has to be replaced: a base chain that changes or goes (its device may have
   * taken it along already), a set that is declared otherwise, an altered table.
   */
  static boolean isPossible(NftTable from, NftTable to) {
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
    return !from.isAltered() && chainsStay && setsStay;
  }

  /** What is to be in force first, and what then. */
  List<NftTransaction> transactions() {
    Commands first = new Commands();
    Commands then = new Commands();
    boolean otherCounters = !to.counters().equals(from.counters());
    if (otherCounters) {
      without(to.counters(), from.counters()).forEach(first::addCounter);
    }
    for (NftSet set : newSets.values()) {
      if (!oldSets.containsKey(set.name())) {
        first.add("add " + NftScript.sort(set), set.name() + " { " + set.declaration() + " }");
      }
    }
    for (NftChain chain : newChains.values()) {
      if (!oldChains.containsKey(chain.name())) {
        String hook = chain.hook().map(h -> " { " + h + "; }").orElse("");
        first.add("add chain", chain.name() + hook);
      }
    }
    loosened.forEach(first::flushChain);
    // Elements name chains: those of the old go before the chains that they name.
    newSets.values().forEach(set -> elements(first, set));
    List<NftChain> early = new ArrayList<>();
    List<NftChain> late = new ArrayList<>();
    for (NftChain chain : newChains.values()) {
      NftChain old = oldChains.get(chain.name());
      if (loosened.contains(chain.name())) {
        early.add(chain);
      } else if (old == null || !old.rules().equals(chain.rules())) {
        boolean afterwards = chain.change() != ChainChange.WITH_THE_REST;
        if (old != null) {
          (afterwards ? then : first).flushChain(chain.name());
        }
        if (old != null && chain.change() == ChainChange.ACCEPTING_MEANWHILE) {
          first.flushChain(chain.name());
          first.addRule(chain.name(), "accept");
        }
        (afterwards ? late : early).add(chain);
      }
    }
    early.forEach(chain -> rules(first, chain));
    late.forEach(chain -> rules(then, chain));
    // What comes last may look into what goes.
    Commands last = then.isEmpty() ? first : then;
    removals(last);
    if (otherCounters) {
      without(from.counters(), to.counters()).forEach(last::deleteCounter);
    }
    return Stream.of(first, then).filter(c -> !c.isEmpty()).map(Commands::transaction).toList();
  }

  private static void rules(Commands out, NftChain chain) {
    chain.rules().forEach(rule -> out.addRule(chain.name(), rule));
  }

  private void removals(Commands out) {
    List<String> goneChains = without(oldChains.keySet(), newChains.keySet());
    goneChains.forEach(out::flushChain);
    List<NftSet> goneSets =
        without(oldSets.keySet(), newSets.keySet()).stream().map(oldSets::get).toList();
    // A map's elements hold on to the chains and counters that they name.
    goneSets.forEach(s -> out.add("flush " + NftScript.sort(s), s.name()));
    goneChains.forEach(chain -> out.add("delete chain", chain));
    goneSets.forEach(s -> out.add("delete " + NftScript.sort(s), s.name()));
  }

  private void rebuildIfQuicker(NftSet set) {
    boolean scanned = set.declaration().contains(" . ") && set.declaration().contains("interval");
    int mostGone = scanned ? FEW_DELETIONS : Integer.MAX_VALUE;
    int most = scanned ? Integer.MAX_VALUE : Math.max(FEW_DELETIONS, set.elements().size());
    Optional<ElementDiff> diff = ElementDiff.of(oldElements(set), set.elements(), mostGone, most);
    if (diff.isEmpty() && oldSets.containsKey(set.name()) && canBeRebuilt(set)) {
      rebuilt.add(set.name());
    } else {
      diffs.put(set.name(), diff.orElseGet(() -> whole(set)));
    }
  }

  /** Also where another way would be quicker. */
  private ElementDiff whole(NftSet set) {
    return ElementDiff.of(oldElements(set), set.elements(), Integer.MAX_VALUE, Integer.MAX_VALUE)
        .orElseThrow();
  }

  /** Whether none that look into it have to wait; those that do are to let go of it. */
  private boolean canBeRebuilt(NftSet set) {
    List<NftChain> users =
        Stream.concat(oldChains.values().stream(), newChains.values().stream())
            .filter(c -> looksInto(c, set))
            .toList();
    boolean all = users.stream().allMatch(c -> c.change() == ChainChange.WITH_THE_REST);
    if (all) {
      users.forEach(c -> loosened.add(c.name()));
    }
    return all;
  }

  private static boolean looksInto(NftChain chain, NftSet set) {
    return chain != null
        && chain.rules().stream().anyMatch(r -> (r + " ").contains("@" + set.name() + " "));
  }

  private void elements(Commands out, NftSet set) {
    if (rebuilt.contains(set.name())) {
      out.add("delete " + NftScript.sort(set), set.name());
      out.add("add " + NftScript.sort(set), set.name() + " { " + set.declaration() + " }");
      out.addElements(set, set.elements());
    } else {
      out.deleteElements(set, diffs.get(set.name()).gone());
      out.addElements(set, diffs.get(set.name()).come());
    }
  }

  private SortedMap<String, String> oldElements(NftSet set) {
    return oldSets.containsKey(set.name())
        ? oldSets.get(set.name()).elements()
        : Collections.emptySortedMap();
  }

  private static List<String> without(Collection<String> some, Collection<String> others) {
    Set<String> left = new LinkedHashSet<>(some);
    others.forEach(left::remove);
    return List.copyOf(left);
  }

  private static <T> Map<String, T> byName(List<T> items, Function<T, String> name) {
    Map<String, T> named = new LinkedHashMap<>();
    items.forEach(i -> named.put(name.apply(i), i));
    return named;
  }

  /** Commands on the table, one a line, and what they come to in netlink. */
  private final class Commands {
    private final StringBuilder script = new StringBuilder();
    private final NftMessages messages = new NftMessages(to);
    private final List<Request> requests = new ArrayList<>();
    private boolean direct = true;

    /** One that only libnftables knows to carry out. */
    void add(String verb, String object) {
      add(verb, object, Optional.empty());
    }

    private void add(String verb, String object, Optional<Request> request) {
      script.append(verb).append(' ').append(to.family()).append(' ').append(to.name());
      script.append(' ').append(object).append('\n');
      request.ifPresentOrElse(requests::add, () -> direct = false);
    }

    void addCounter(String name) {
      add("add counter", name, messages.addCounter(name));
    }

    void deleteCounter(String name) {
      add("delete counter", name, messages.deleteCounter(name));
    }

    void flushChain(String chain) {
      add("flush chain", chain, messages.flushChain(chain));
    }

    void addRule(String chain, String rule) {
      add("add rule", chain + " " + rule, messages.addRule(chain, rule));
    }

    void addElements(NftSet set, Map<String, String> elements) {
      if (!elements.isEmpty()) {
        String object = set.name() + " " + NftScript.elements(elements);
        add("add element", object, messages.addElements(set, elements));
      }
    }

    void deleteElements(NftSet set, Map<String, String> elements) {
      if (!elements.isEmpty()) {
        String object = set.name() + " " + NftScript.elements(elements);
        add("delete element", object, messages.deleteElements(set, elements));
      }
    }

    boolean isEmpty() {
      return script.isEmpty();
    }

    NftTransaction transaction() {
      return new NftTransaction(
          script.toString(), direct ? Optional.of(requests) : Optional.empty());
    }
  }
}
