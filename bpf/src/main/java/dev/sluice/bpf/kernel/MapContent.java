package dev.sluice.bpf.kernel;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a map holds. In an array, where every key always is, those that are not listed are zero.
 *
 * @param map its name in the source
 * @param maxEntries room; another number is another version of the object
 */
public record MapContent(String map, int maxEntries, Sort sort, MapEntries entries) {

  /** Whose the values are. */
  public enum Sort {
    /** Keys and values are ours. */
    EXACT,
    /** As EXACT; changes when all that is new is there, and what is old has gone. */
    AFTERWARDS,
    /** Keys are ours; values are the kernel's, zero at first. */
    COUNTERS
  }

  /** Keys and values, all ours. */
  public static MapContent exact(
      String map, int maxEntries, SortedMap<MapValue, MapValue> entries) {
    return new MapContent(map, maxEntries, Sort.EXACT, MapEntries.of(entries));
  }

  /** As {@link #exact}; changes when all else has. */
  public static MapContent afterwards(
      String map, int maxEntries, SortedMap<MapValue, MapValue> entries) {
    return new MapContent(map, maxEntries, Sort.AFTERWARDS, MapEntries.of(entries));
  }

  /** Keys whose values the programs count. */
  public static MapContent counters(String map, int maxEntries, Collection<MapValue> keys) {
    SortedMap<MapValue, MapValue> entries = new TreeMap<>();
    keys.forEach(key -> entries.put(key, MapValue.none()));
    return new MapContent(map, maxEntries, Sort.COUNTERS, MapEntries.of(entries));
  }
}
