package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapContent.Sort;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfMap.Element;
import dev.sluice.core.reconcile.kind.Action.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

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

  private final Path version;
  private final Names names;

  private MapChange(Path version, Names names) {
    this.version = version;
    this.names = names;
  }

  /** {@code version}: the directory of its pins. */
  static void apply(Path version, List<MapContent> from, List<MapContent> to, Names names) {
    MapChange change = new MapChange(version, names);
    for (boolean afterwards : new boolean[] {false, true}) {
      change.apply(
          from, to.stream().filter(m -> (m.sort() == Sort.AFTERWARDS) == afterwards).toList());
    }
  }

  private void apply(List<MapContent> from, List<MapContent> to) {
    List<Runnable> deletions = new ArrayList<>();
    for (MapContent wanted : to) {
      List<byte[]> old =
          from.stream()
              .filter(before -> before.map().equals(wanted.map()))
              .filter(before -> before.links().isEmpty() && wanted.links().isEmpty())
              .findFirst()
              .map(before -> update(before, wanted))
              .orElseGet(() -> update(wanted));
      if (!old.isEmpty()) {
        deletions.add(0, () -> delete(wanted.map(), old));
      }
    }
    deletions.forEach(Runnable::run);
  }

  private BpfMap open(String map) {
    return BpfMap.pinned(version.resolve(ObjectLoader.MAP + map));
  }

  /** By what was there when the plan was made; the keys that are to go. */
  private List<byte[]> update(MapContent before, MapContent wanted) {
    List<Map.Entry<MapValue, MapValue>> come = new ArrayList<>();
    List<byte[]> gone = new ArrayList<>();
    before.differences(wanted, key -> gone.add(key.bytes()), come::add);
    if (!come.isEmpty()) {
      Collections.reverse(come);
      try (BpfMap map = open(wanted.map())) {
        map.updateAll(elements(map, wanted.sort(), come, names));
      }
    }
    return gone;
  }

  /** By what is there now, for the plan may have changed what an ifindex means. */
  private List<byte[]> update(MapContent wanted) {
    try (BpfMap map = open(wanted.map())) {
      Map<MapValue, MapValue> there = new HashMap<>();
      map.dump().forEach(e -> there.put(MapValue.of(e.key()), MapValue.of(e.value())));
      List<Element> elements = all(map, wanted, names);
      map.updateAll(
          elements.stream()
              .filter(e -> isNew(wanted, there.get(MapValue.of(e.key())), e))
              .toList());
      elements.forEach(e -> there.remove(MapValue.of(e.key())));
      return there.keySet().stream().map(MapValue::bytes).toList();
    }
  }

  private static boolean isNew(MapContent wanted, MapValue there, Element element) {
    return there == null
        || (wanted.sort() != Sort.COUNTERS && !there.equals(MapValue.of(element.value())));
  }

  /** All entries of {@code wanted}, as the kernel wants them. */
  static List<Element> all(BpfMap map, MapContent wanted, Names names) {
    List<Map.Entry<MapValue, MapValue>> entries = new ArrayList<>(wanted.entries().entrySet());
    Collections.reverse(entries);
    return elements(map, wanted.sort(), entries, names);
  }

  private static List<Element> elements(
      BpfMap map, Sort sort, List<Map.Entry<MapValue, MapValue>> entries, Names names) {
    byte[] zero = new byte[map.valueLength()];
    return entries.stream()
        .map(
            e ->
                new Element(
                    resolve(e.getKey(), names),
                    sort == Sort.COUNTERS ? zero : resolve(e.getValue(), names)))
        .toList();
  }

  private void delete(String name, List<byte[]> keys) {
    try (BpfMap map = open(name)) {
      if (map.shape().isArray()) {
        byte[] zero = new byte[map.valueLength()];
        map.updateAll(keys.stream().map(key -> new Element(key, zero)).toList());
      } else {
        map.deleteAll(keys);
      }
    }
  }

  private static byte[] resolve(MapValue value, Names names) {
    return value.resolve(link -> OptionalInt.of(names.link(link)));
  }
}
