package dev.sluice.core.kernel;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A typed kernel object: immutable, compared by value, named by its key, never by an ifindex. */
public sealed interface KernelObject
    permits Namespace,
        Bridge,
        VethPair,
        Loopback,
        Address,
        Route,
        Rule,
        Neighbour,
        Sysctl,
        NftTable {

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

  /** {@link #needs} and the namespace that it lives in. */
  default Set<Key> allNeeds() {
    Set<Key> all = new TreeSet<>(needs());
    key().netns().name().ifPresent(n -> all.add(Key.namespace(n)));
    return all;
  }
}
