package dev.sluice.core.policy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Cuts a line at the ends of spans that may overlap: between two cuts the same spans cover all. */
final class Cuts<T> {

  private static final Comparator<Span<?>> FIRST =
      Comparator.<Span<?>, RuleId>comparing(Span::rule).thenComparingInt(Span::order);

  /**
   * A span of the line, both ends included.
   *
   * @param order in which it was added
   */
  record Span<T>(BigInteger from, BigInteger to, RuleId rule, int order, T value) {}

  /** A piece between cuts, and the first rule that covers it. */
  record Piece(BigInteger from, BigInteger to, RuleId rule) {}

  /** Receives each piece with all that covers it at the time, sorted by rule. */
  interface Sink<T> {
    void piece(BigInteger from, BigInteger to, Collection<Span<T>> covering);
  }

  private final List<Span<T>> spans = new ArrayList<>();

  void add(BigInteger from, BigInteger to, RuleId rule, T value) {
    spans.add(new Span<>(from, to, rule, spans.size(), value));
  }

  /** The covered pieces from left to right; neighbours of the same rule are one. */
  List<Piece> first() {
    List<Piece> out = new ArrayList<>();
    all(
        (from, to, covering) -> {
          RuleId rule = covering.iterator().next().rule();
          int last = out.size() - 1;
          if (last >= 0
              && out.get(last).rule().equals(rule)
              && out.get(last).to().add(BigInteger.ONE).equals(from)) {
            out.set(last, new Piece(out.get(last).from(), to, rule));
          } else {
            out.add(new Piece(from, to, rule));
          }
        });
    return out;
  }

  /** Every covered piece from left to right. */
  void all(Sink<T> sink) {
    List<Span<T>> ranked = new ArrayList<>(spans);
    ranked.sort(FIRST);
    List<End> ends = new ArrayList<>(2 * ranked.size());
    for (int rank = 0; rank < ranked.size(); rank++) {
      ends.add(new End(ranked.get(rank).from, rank, true));
      ends.add(new End(ranked.get(rank).to.add(BigInteger.ONE), rank, false));
    }
    ends.sort(Comparator.comparing(End::at));
    SortedMap<Integer, Span<T>> active = new TreeMap<>();
    Collection<Span<T>> covering = Collections.unmodifiableCollection(active.values());
    BigInteger from = BigInteger.ZERO;
    for (End end : ends) {
      if (!active.isEmpty() && !end.at.equals(from)) {
        sink.piece(from, end.at.subtract(BigInteger.ONE), covering);
      }
      if (end.starts) {
        active.put(end.rank, ranked.get(end.rank));
      } else {
        active.remove(end.rank);
      }
      from = end.at;
    }
  }

  /** Where the span of that rank starts, or the first place that it does not cover any more. */
  private record End(BigInteger at, int rank, boolean starts) {}
}
