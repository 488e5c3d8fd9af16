package dev.sluice.core.topology;

import dev.sluice.core.error.InvalidTopologyException;
import dev.sluice.core.error.InvalidTopologyException.Fault;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Collects the faults of one file. The same fault at the same place, as an alias that is read twice
 * gives it, counts once.
 */
final class Faults {

  private static final Comparator<Fault> BY_POSITION =
      Comparator.comparingInt(Fault::line)
          .thenComparingInt(Fault::column)
          .thenComparing(Fault::message);

  private final String source;
  private final TreeSet<Fault> found = new TreeSet<>(BY_POSITION);

  Faults(String source) {
    this.source = source;
  }

  /** Records a fault at {@code mark}, which counts from 0. */
  void add(Mark mark, String message) {
    add(mark.getLine() + 1, mark.getColumn() + 1, message);
  }

  /** Records a fault at a line and column that count from 1. */
  void add(int line, int column, String message) {
    found.add(new Fault(source, line, column, message));
  }

  boolean any() {
    return !found.isEmpty();
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidTopologyException(List.copyOf(found));
    }
  }
}
