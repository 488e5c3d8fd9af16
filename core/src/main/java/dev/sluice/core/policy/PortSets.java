package dev.sluice.core.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/** Port sets by numbers: equal ones have one, and what was computed of two is found again. */
final class PortSets {

  static final int NONE = 0;
  static final int ALL = 1;

  private final List<PortSet> sets = new ArrayList<>();
  private final Map<PortSet, Integer> numbers = new HashMap<>();
  private final Map<List<PortRange>, Integer> byRanges = new HashMap<>();
  private final Map<Long, Integer> unions = new HashMap<>();
  private final Map<Long, Integer> intersections = new HashMap<>();
  private final Map<Long, Integer> differences = new HashMap<>();

  PortSets() {
    number(PortSet.NONE);
    number(PortSet.ALL);
  }

  PortSet get(int number) {
    return sets.get(number);
  }

  /** What an entry with these ports allows. */
  int of(List<PortRange> ports) {
    return byRanges.computeIfAbsent(ports, p -> number(PortSet.of(p)));
  }

  int union(int a, int b) {
    if (a == b || b == NONE) {
      return a;
    }
    return a == NONE ? b : of(a, b, unions, PortSet::union);
  }

  int intersection(int a, int b) {
    if (a == b || a == NONE || b == ALL) {
      return a;
    }
    return a == ALL || b == NONE ? b : of(a, b, intersections, PortSet::intersection);
  }

  /** Those of {@code a} that are not in {@code b}. */
  int minus(int a, int b) {
    if (a == b || b == ALL) {
      return NONE;
    }
    return a == NONE || b == NONE ? a : of(a, b, differences, PortSet::minus);
  }

  private int of(int a, int b, Map<Long, Integer> known, BinaryOperator<PortSet> operation) {
    return known.computeIfAbsent(
        (long) a << Integer.SIZE | b, k -> number(operation.apply(get(a), get(b))));
  }

  private int number(PortSet set) {
    return numbers.computeIfAbsent(
        set,
        s -> {
          sets.add(s);
          return sets.size() - 1;
        });
  }
}
