package dev.sluice.core.policy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
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

  /** Receives each piece with all that covers it, sorted by rule. */
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
    TreeMap<BigInteger, List<Span<T>>> starts = new TreeMap<>();
    TreeMap<BigInteger, List<Span<T>>> ends = new TreeMap<>();
    for (Span<T> span : spans) {
      BigInteger after = span.to.add(BigInteger.ONE);
      starts.computeIfAbsent(span.from, k -> new ArrayList<>()).add(span);
      starts.computeIfAbsent(after, k -> new ArrayList<>());
      ends.computeIfAbsent(after, k -> new ArrayList<>()).add(span);
    }
    TreeMap<Span<T>, Span<T>> active = new TreeMap<>(FIRST);
    BigInteger from = BigInteger.ZERO;
    for (BigInteger cut : starts.keySet()) {
      if (!active.isEmpty()) {
        sink.piece(from, cut.subtract(BigInteger.ONE), List.copyOf(active.keySet()));
      }
      ends.getOrDefault(cut, List.of()).forEach(active::remove);
      starts.get(cut).forEach(span -> active.put(span, span));
      from = cut;
    }
  }
}
