package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapContent.Sort;
import dev.sluice.bpf.kernel.MapDifference;
import dev.sluice.bpf.kernel.MapEntries;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.reconcile.kind.Action;
import dev.sluice.core.reconcile.kind.Action.Names;
import dev.sluice.core.reconcile.kind.Phase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Another content in the maps of a version in force. All that is new and changed comes first, map
 * by map; then goes what is old, in the reverse order: a program that finds its way by an entry of
 * a later map meets the whole of what that leads to. Maps that change afterwards come last.
 *
 * <p>Within a map the greatest keys come first. Those of an LPM trie begin with the length of the
 * prefix: what is looked up never meets a new entry that is only for others, on its way from what
 * it had to what it is to have.
 */
final class MapChange {

  private final String object;
  private final String version;

  /** The keys that are to be deleted, by map, once they are known. */
  private final Map<String, byte[]> old = new HashMap<>();

  private MapChange(String object, String version) {
    this.object = object;
    this.version = version;
  }

  /** A step for each map that gets something, and one for each that may lose something. */
  static List<Action> actions(BpfObject from, BpfObject to) {
    MapChange change = new MapChange(to.name(), to.version());
    List<Action> out = new ArrayList<>();
    for (boolean afterwards : new boolean[] {false, true}) {
      List<Action> deletions = new ArrayList<>();
      to.maps().stream()
          .filter(wanted -> (wanted.sort() == Sort.AFTERWARDS) == afterwards)
          .forEach(wanted -> change.add(from, wanted, out, deletions));
      out.addAll(deletions);
    }
    return out;
  }

  private void add(
      BpfObject from, MapContent wanted, List<Action> additions, List<Action> deletions) {
    Optional<MapEntries> before =
        from.maps().stream()
            .filter(m -> m.map().equals(wanted.map()))
            .map(MapContent::entries)
            .filter(entries -> entries.links().isEmpty() && wanted.entries().links().isEmpty())
            .findFirst();
    if (before.isEmpty()) {
      additions.add(call(names -> update(wanted, names)));
      deletions.add(0, call(names -> delete(wanted.map(), names)));
      return;
    }
    MapDifference difference = MapDifference.of(before.get(), wanted.entries());
    if (difference.keys().length > 0) {
      additions.add(call(names -> write(wanted, difference, names)));
    }
    if (difference.gone().length > 0) {
      old.put(wanted.map(), difference.gone());
      deletions.add(0, call(names -> delete(wanted.map(), names)));
    }
  }

  private static Action call(Consumer<Names> work) {
    return new Action.Call(NetnsRef.NODE, Phase.FILTER, work);
  }

  private BpfMap open(String map, Names names) {
    Path pins = ObjectPins.of(names.pins(), object).version(version);
    return BpfMap.pinned(pins.resolve(ObjectLoader.MAP + map));
  }

  /** By what was there when the plan was made. */
  private void write(MapContent wanted, MapDifference difference, Names names) {
    try (BpfMap map = open(wanted.map(), names)) {
      write(map, wanted.sort(), difference);
    }
  }

  /** By what is there now, for the plan may have changed what an ifindex means. */
  private void update(MapContent wanted, Names names) {
    try (BpfMap map = open(wanted.map(), names)) {
      MapEntries resolved = resolve(wanted.entries(), names);
      MapEntries there = ObjectReader.entries(map, wanted.sort(), resolved);
      MapDifference difference = MapDifference.of(there, resolved);
      write(map, wanted.sort(), difference);
      old.put(wanted.map(), difference.gone());
    }
  }

  /** Gives a new map its content. */
  static void fill(BpfMap map, MapContent content, Names names) {
    MapEntries nothing = MapEntries.of(Collections.emptySortedMap());
    write(map, content.sort(), MapDifference.of(nothing, resolve(content.entries(), names)));
  }

  private static void write(BpfMap map, Sort sort, MapDifference difference) {
    byte[] keys = difference.keys();
    map.updateAll(keys, sort == Sort.COUNTERS ? zeros(map, keys) : difference.values());
  }

  private static byte[] zeros(BpfMap map, byte[] keys) {
    return new byte[keys.length / map.shape().keySize() * map.valueLength()];
  }

  private static MapEntries resolve(MapEntries entries, Names names) {
    return entries.resolve(link -> OptionalInt.of(names.link(link)));
  }

  private void delete(String name, Names names) {
    byte[] keys = old.getOrDefault(name, new byte[0]);
    if (keys.length == 0) {
      return;
    }
    try (BpfMap map = open(name, names)) {
      if (map.shape().isArray()) {
        map.updateAll(keys, zeros(map, keys));
      } else {
        map.deleteAll(keys);
      }
    }
  }
}
