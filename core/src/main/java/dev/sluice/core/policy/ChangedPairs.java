package dev.sluice.core.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Collects pairs of ends between which a verdict changes, and puts like ones together. */
final class ChangedPairs {

  /**
   * One end, by its name.
   *
   * @param rank by which ends are sorted, before their names
   */
  record End(int rank, String name) {}

  private static final Comparator<End> ORDER =
      Comparator.comparing(End::rank).thenComparing(End::name);

  private record What(boolean starts, PortSet ports) {}

  private record To(int destination, What what) {}

  private record From(BitSet sources, What what) {}

  private final List<End> ends = new ArrayList<>();
  private final Map<End, Integer> numbers = new HashMap<>();
  private final Map<To, BitSet> sources = new HashMap<>();

  /** Nothing, if {@code ports} is empty. */
  void add(End source, End destination, boolean starts, PortSet ports) {
    if (!ports.isEmpty()) {
      sources
          .computeIfAbsent(new To(number(destination), new What(starts, ports)), t -> new BitSet())
          .set(number(source));
    }
  }

  private int number(End end) {
    return numbers.computeIfAbsent(
        end,
        e -> {
          ends.add(e);
          return ends.size() - 1;
        });
  }

  private record Group(BitSet from, BitSet to, What what) {}

  /**
   * Sorted by destination, then source; what starts before what stops. An end may be on both sides,
   * which never means it with itself: else, where many are isolated, each would be a group.
   */
  List<VerdictChange> grouped() {
    Map<From, BitSet> destinations = new HashMap<>();
    sources.forEach(
        (to, from) ->
            destinations
                .computeIfAbsent(new From(from, to.what()), f -> new BitSet())
                .set(to.destination()));
    List<Group> groups = new ArrayList<>();
    Map<From, BitSet> toOneAnother = new HashMap<>();
    destinations.forEach(
        (from, to) -> {
          if (to.cardinality() == 1) {
            BitSet all = (BitSet) from.sources().clone();
            all.or(to);
            toOneAnother.computeIfAbsent(new From(all, from.what()), f -> new BitSet()).or(to);
          } else {
            groups.add(new Group(from.sources(), to, from.what()));
          }
        });
    toOneAnother.forEach(
        (all, to) -> {
          BitSet from = (BitSet) all.sources().clone();
          if (to.cardinality() == 1) {
            from.andNot(to);
          }
          groups.add(new Group(from, to, all.what()));
        });
    return sorted(groups);
  }

  private List<VerdictChange> sorted(List<Group> groups) {
    record Named(List<End> from, List<End> to, What what) {}
    return groups.stream()
        .map(g -> new Named(ends(g.from()), ends(g.to()), g.what()))
        .sorted(
            Comparator.<Named, End>comparing(g -> g.to().get(0), ORDER)
                .thenComparing(g -> g.from().get(0), ORDER)
                .thenComparing(g -> !g.what().starts())
                .thenComparing(g -> g.what().ports().toString()))
        .map(
            g ->
                new VerdictChange(
                    g.what().starts(), names(g.from()), names(g.to()), g.what().ports()))
        .toList();
  }

  private List<End> ends(BitSet numbered) {
    return numbered.stream().mapToObj(ends::get).sorted(ORDER).toList();
  }

  private static List<String> names(List<End> ends) {
    return ends.stream().map(End::name).toList();
  }
}
