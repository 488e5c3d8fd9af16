package dev.sluice.bpf.kernel;

import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a map holds. In an array, where every key always is, those that are not listed are zero.
 *
 * @param map its name in the source
 * @param maxEntries room; another number is another version of the object
 */
public record MapContent(
    String map, int maxEntries, Sort sort, SortedMap<MapValue, MapValue> entries) {

  /** Whose the values are. */
  public enum Sort {
    /** Keys and values are ours. */
    EXACT,
    /** As EXACT; changes when all that is new is there, and what is old has gone. */
    AFTERWARDS,
    /** Keys are ours; values are the kernel's, zero at first. */
    COUNTERS
  }

  public MapContent {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /** Keys and values, all ours. */
  public static MapContent exact(
      String map, int maxEntries, SortedMap<MapValue, MapValue> entries) {
    return new MapContent(map, maxEntries, Sort.EXACT, entries);
  }

  /** As {@link #exact}; changes when all else has. */
  public static MapContent afterwards(
      String map, int maxEntries, SortedMap<MapValue, MapValue> entries) {
    return new MapContent(map, maxEntries, Sort.AFTERWARDS, entries);
  }

  /** Keys whose values the programs count. */
  public static MapContent counters(String map, int maxEntries, Collection<MapValue> keys) {
    SortedMap<MapValue, MapValue> entries = new TreeMap<>();
    keys.forEach(key -> entries.put(key, MapValue.none()));
    return new MapContent(map, maxEntries, Sort.COUNTERS, entries);
  }

  /**
   * What leads from this content to another: keys that are no more, and entries that are new or
   * have another value, both from the least key on.
   */
  public void differences(
      MapContent to, Consumer<MapValue> gone, Consumer<Map.Entry<MapValue, MapValue>> come) {
    Iterator<Map.Entry<MapValue, MapValue>> others = to.entries.entrySet().iterator();
    Map.Entry<MapValue, MapValue> other = next(others);
    for (Map.Entry<MapValue, MapValue> own : entries.entrySet()) {
      int order = -1;
      while (other != null && (order = other.getKey().compareTo(own.getKey())) < 0) {
        come.accept(other);
        other = next(others);
      }
      if (other == null || order > 0) {
        gone.accept(own.getKey());
      } else {
        if (!own.getValue().equals(other.getValue())) {
          come.accept(other);
        }
        other = next(others);
      }
    }
    while (other != null) {
      come.accept(other);
      other = next(others);
    }
  }

  /** Null behind the last one. */
  private static Map.Entry<MapValue, MapValue> next(
      Iterator<Map.Entry<MapValue, MapValue>> entries) {
    return entries.hasNext() ? entries.next() : null;
  }

  /** As records have it, but in one pass over both. */
  @Override
  public boolean equals(Object o) {
    if (!(o instanceof MapContent that)
        || !map.equals(that.map)
        || maxEntries != that.maxEntries
        || sort != that.sort
        || entries.size() != that.entries.size()) {
      return false;
    }
    Iterator<Map.Entry<MapValue, MapValue>> others = that.entries.entrySet().iterator();
    for (Map.Entry<MapValue, MapValue> own : entries.entrySet()) {
      if (!own.equals(others.next())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return 31 * map.hashCode() + entries.size();
  }

  /** The links whose ifindex is in it. */
  public Set<String> links() {
    return entries.entrySet().stream()
        .flatMap(e -> Stream.of(e.getKey(), e.getValue()))
        .flatMap(value -> value.links().values().stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
