package dev.sluice.core.kernel;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A set of kernel objects without contradictions, each with its owners (topology names). The order
 * of insertion carries no meaning: the executor orders by need.
 */
public final class KernelState {

  /** An object and the topologies that want it. */
  public record Entry(KernelObject object, List<String> owners) {}

  private final Map<Key, Entry> entries;

  private KernelState(Map<Key, Entry> entries) {
    this.entries = Collections.unmodifiableMap(entries);
  }

  public static KernelState empty() {
    return new KernelState(new LinkedHashMap<>());
  }

  /**
   * The objects that {@code owner} wants. Two different wishes for one object are a {@link
   * ConflictingWishesException}.
   */
  public static KernelState of(String owner, Collection<? extends KernelObject> objects) {
    return merge(objects.stream().map(o -> new Entry(o, List.of(owner))).toList());
  }

  /**
   * All objects of all {@code states}; one that several want alike is there once, with all its
   * owners.
   */
  public static KernelState union(Collection<KernelState> states) {
    return merge(states.stream().flatMap(s -> s.entries.values().stream()).toList());
  }

  private static KernelState merge(List<Entry> wishes) {
    Map<Key, Entry> entries = new LinkedHashMap<>();
    Map<Key, Set<String>> clashes = new TreeMap<>();
    for (Entry wish : wishes) {
      Entry other = entries.putIfAbsent(wish.object.key(), wish);
      if (other != null && other.object.equals(wish.object)) {
        entries.put(wish.object.key(), new Entry(wish.object, owners(other, wish)));
      } else if (other != null) {
        clash(clashes, wish.object.key(), other, wish);
      }
    }
    // Keys that are only provided (the far end of a veth pair) may clash too.
    Map<Key, Entry> providers = new HashMap<>();
    for (Entry entry : entries.values()) {
      for (Key key : entry.object.provides()) {
        Entry other = providers.put(key, entry);
        if (other != null) {
          clash(clashes, key, other, entry);
        }
      }
    }
    if (!clashes.isEmpty()) {
      throw new ConflictingWishesException(clashes);
    }
    return new KernelState(entries);
  }

  private static void clash(Map<Key, Set<String>> clashes, Key key, Entry a, Entry b) {
    clashes.computeIfAbsent(key, k -> new TreeSet<>()).addAll(owners(a, b));
  }

  private static List<String> owners(Entry a, Entry b) {
    return Stream.concat(a.owners.stream(), b.owners.stream()).distinct().toList();
  }

  public Collection<Entry> entries() {
    return entries.values();
  }

  public List<KernelObject> objects() {
    return entries.values().stream().map(Entry::object).toList();
  }

  public Optional<KernelObject> get(Key key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::object);
  }

  public boolean contains(Key key) {
    return entries.containsKey(key);
  }

  public int size() {
    return entries.size();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof KernelState that && entries.equals(that.entries);
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  @Override
  public String toString() {
    return entries.values().toString();
  }
}
