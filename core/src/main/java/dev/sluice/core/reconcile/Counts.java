package dev.sluice.core.reconcile;

import dev.sluice.core.datapath.Count;
import dev.sluice.core.datapath.Counted;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a datapath has counted.
 *
 * @param byMeaning what there is of it; two counters of one meaning are added up
 * @param missing where it counts, but is not there: the node has drifted
 */
public record Counts(Map<Counted, Count> byMeaning, Set<String> missing) {

  public Counts {
    byMeaning = Map.copyOf(byMeaning);
    missing = Set.copyOf(missing);
  }

  /** Of a datapath that does not count. */
  public static Counts none() {
    return new Counts(Map.of(), Set.of());
  }

  /** These and others. */
  public Counts plus(Counts other) {
    Map<Counted, Count> both = new HashMap<>(byMeaning);
    other.byMeaning.forEach((meaning, count) -> both.merge(meaning, count, Count::plus));
    Set<String> gone = new HashSet<>(missing);
    gone.addAll(other.missing);
    return new Counts(both, gone);
  }

  /** Empty where there is no such counter. */
  public Optional<Count> find(Counted meaning) {
    return Optional.ofNullable(byMeaning.get(meaning));
  }

  /** Zero where there is no such counter. */
  public Count of(Counted meaning) {
    return find(meaning).orElse(Count.ZERO);
  }
}
