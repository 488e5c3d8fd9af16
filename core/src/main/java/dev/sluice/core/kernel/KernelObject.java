package dev.sluice.core.kernel;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A typed kernel object: immutable, compared by value, named by its key, never by an ifindex. A
 * module may bring types of its own, each with a kind that handles it ({@code
 * core.reconcile.kind}).
 */
public interface KernelObject {

  Key key();

  /**
   * All keys that exist once this object does: its own, and for a veth pair that of the other end
   * too.
   */
  default Set<Key> provides() {
    return Set.of(key());
  }

  /**
   * What must exist before it, beside the namespace that it lives in; what goes takes this object
   * with it, but for its {@link #remains}.
   */
  default Set<Key> needs() {
    return Set.of();
  }

  /**
   * What is left of it when something that it needs has gone; empty: nothing, it goes along. What
   * is left is made whole in place.
   */
  default Optional<KernelObject> remains() {
    return Optional.empty();
  }

  /**
   * Whether this is what is known of an object whose content is not: of one of ours that somebody
   * has changed, or that was only half made.
   */
  default boolean isAltered() {
    return false;
  }

  /** What of it its key does not tell, field by field, in words for people. */
  default Map<String, String> fields() {
    return Map.of();
  }

  /** {@link #needs} and the namespace that it lives in. */
  default Set<Key> allNeeds() {
    Set<Key> all = new TreeSet<>(needs());
    key().netns().name().ifPresent(n -> all.add(Key.namespace(n)));
    return all;
  }
}
