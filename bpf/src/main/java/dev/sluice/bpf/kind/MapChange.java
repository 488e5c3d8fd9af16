package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapContent.Sort;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfMap.Element;
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

  /** What is to be deleted, by map, once it is known. */
  private final Map<String, List<byte[]>> old = new HashMap<>();

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
    Optional<MapContent> before =
        from.maps().stream()
            .filter(m -> m.map().equals(wanted.map()))
            .filter(m -> m.links().isEmpty() && wanted.links().isEmpty())
            .findFirst();
    List<Map.Entry<MapValue, MapValue>> come = new ArrayList<>();
    List<byte[]> gone = new ArrayList<>();
    before.ifPresent(b -> b.differences(wanted, key -> gone.add(key.bytes()), come::add));
    if (before.isEmpty()) {
      additions.add(call(names -> update(wanted, names)));
    } else if (!come.isEmpty()) {
      Collections.reverse(come);
      additions.add(call(names -> update(wanted, come, names)));
    }
    if (before.isEmpty() || !gone.isEmpty()) {
      old.put(wanted.map(), gone);
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
  private void update(MapContent wanted, List<Map.Entry<MapValue, MapValue>> come, Names names) {
    try (BpfMap map = open(wanted.map(), names)) {
      map.updateAll(elements(map, wanted.sort(), come, names));
    }
  }

  /** By what is there now, for the plan may have changed what an ifindex means. */
  private void update(MapContent wanted, Names names) {
    try (BpfMap map = open(wanted.map(), names)) {
      Map<MapValue, MapValue> there = new HashMap<>();
      map.dump().forEach(e -> there.put(MapValue.of(e.key()), MapValue.of(e.value())));
      List<Element> elements = all(map, wanted, names);
      map.updateAll(
          elements.stream()
              .filter(e -> isNew(wanted, there.get(MapValue.of(e.key())), e))
              .toList());
      elements.forEach(e -> there.remove(MapValue.of(e.key())));
      old.put(wanted.map(), there.keySet().stream().map(MapValue::bytes).toList());
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

  private void delete(String name, Names names) {
    List<byte[]> keys = old.getOrDefault(name, List.of());
    if (keys.isEmpty()) {
      return;
    }
    try (BpfMap map = open(name, names)) {
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
