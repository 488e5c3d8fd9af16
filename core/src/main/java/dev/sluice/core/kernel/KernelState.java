package dev.sluice.core.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
    Map<Key, Entry> entries = new LinkedHashMap<>();
    for (KernelObject object : objects) {
      entries.merge(object.key(), new Entry(object, List.of(owner)), KernelState::merge);
    }
    return checked(entries);
  }

  /**
   * All objects of all {@code states}; one that several want alike is there once, with all its
   * owners.
   */
  public static KernelState union(Collection<KernelState> states) {
    Map<Key, Entry> entries = new LinkedHashMap<>();
    for (KernelState state : states) {
      state.entries.forEach((key, entry) -> entries.merge(key, entry, KernelState::merge));
    }
    return checked(entries);
  }

  private static Entry merge(Entry a, Entry b) {
    if (!a.object.equals(b.object)) {
      throw new ConflictingWishesException(a.object.key(), a, b);
    }
    List<String> owners = new ArrayList<>(a.owners);
    b.owners.stream().filter(o -> !owners.contains(o)).forEach(owners::add);
    return new Entry(a.object, List.copyOf(owners));
  }

  /** Keys that are only provided (the far end of a veth pair) may clash too. */
  private static KernelState checked(Map<Key, Entry> entries) {
    Map<Key, Entry> providers = new TreeMap<>();
    for (Entry entry : entries.values()) {
      for (Key key : entry.object.provides()) {
        Entry other = providers.put(key, entry);
        if (other != null) {
          throw new ConflictingWishesException(key, other, entry);
        }
      }
    }
    return new KernelState(entries);
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
