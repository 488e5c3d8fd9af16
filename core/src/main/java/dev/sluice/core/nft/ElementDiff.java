package dev.sluice.core.nft;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What leads from some elements of a set to others. An element whose value changes both goes and
 * comes.
 */
record ElementDiff(Map<String, String> gone, Map<String, String> come) {

  /**
   * Both sorted by their natural order, so that one walk along them is enough.
   *
   * @param mostGone if more than these go, the walk ends there and nothing comes back
   * @param most as {@code mostGone}, of those that go and come together
   */
  static Optional<ElementDiff> of(
      SortedMap<String, String> from, SortedMap<String, String> to, int mostGone, int most) {
    Map<String, String> gone = new LinkedHashMap<>();
    Map<String, String> come = new LinkedHashMap<>();
    Walk old = new Walk(from);
    Walk now = new Walk(to);
    while (old.isAt() || now.isAt()) {
      int order = !now.isAt() ? -1 : !old.isAt() ? 1 : old.key().compareTo(now.key());
      if (order == 0 && old.value().equals(now.value())) {
        old.next();
        now.next();
        continue;
      }
      if (order <= 0) {
        gone.put(old.key(), old.value());
        old.next();
      }
      if (order >= 0) {
        come.put(now.key(), now.value());
        now.next();
      }
      if (gone.size() > mostGone || gone.size() + come.size() > most) {
        return Optional.empty();
      }
    }
    return Optional.of(new ElementDiff(gone, come));
  }

  private static final class Walk {
    private final Iterator<Map.Entry<String, String>> rest;
    private Map.Entry<String, String> at;

    Walk(SortedMap<String, String> elements) {
      rest = elements.entrySet().iterator();
      next();
    }

    boolean isAt() {
      return at != null;
    }

    String key() {
      return at.getKey();
    }

    String value() {
      return at.getValue();
    }

    void next() {
      at = rest.hasNext() ? rest.next() : null;
    }
  }
}
