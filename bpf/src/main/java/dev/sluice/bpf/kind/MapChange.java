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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Another content in the maps of a version in force. All that is new and changed comes first, map
 * by map; then goes what is old, in the reverse order: a program that finds its way by an entry of
 * a later map meets the whole of what that leads to.
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
    List<Action> additions = new ArrayList<>();
    List<Action> deletions = new ArrayList<>();
    for (MapContent wanted : to.maps()) {
      Optional<MapContent> before =
          from.maps().stream()
              .filter(m -> m.map().equals(wanted.map()))
              .filter(m -> m.links().isEmpty() && wanted.links().isEmpty())
              .findFirst();
      if (before.map(MapContent::entries).equals(Optional.of(wanted.entries()))) {
        continue;
      }
      additions.add(call(names -> change.update(before, wanted, names)));
      deletions.add(0, call(names -> change.delete(wanted.map(), names)));
    }
    additions.addAll(deletions);
    return additions;
  }

  private static Action call(Consumer<Names> work) {
    return new Action.Call(NetnsRef.NODE, Phase.FILTER, work);
  }

  private void update(Optional<MapContent> before, MapContent wanted, Names names) {
    try (BpfMap map = open(wanted.map(), names)) {
      old.put(
          wanted.map(),
          before.isPresent()
              ? update(map, before.get(), wanted, names)
              : update(map, wanted, names));
    }
  }

  private BpfMap open(String map, Names names) {
    Path pins = ObjectPins.of(names.pins(), object).version(version);
    return BpfMap.pinned(pins.resolve(ObjectLoader.MAP + map));
  }

  /** By what was there when the plan was made; the keys that are to go. */
  private static List<byte[]> update(
      BpfMap map, MapContent before, MapContent wanted, Names names) {
    map.updateAll(
        elements(map, wanted, e -> !e.getValue().equals(before.entries().get(e.getKey())), names));
    return before.entries().keySet().stream()
        .filter(key -> !wanted.entries().containsKey(key))
        .map(MapValue::bytes)
        .toList();
  }

  /** By what is there now, for the plan may have changed what an ifindex means. */
  private static List<byte[]> update(BpfMap map, MapContent wanted, Names names) {
    Map<MapValue, MapValue> there = new HashMap<>();
    map.dump().forEach(e -> there.put(MapValue.of(e.key()), MapValue.of(e.value())));
    List<Element> elements = elements(map, wanted, e -> true, names);
    map.updateAll(
        elements.stream().filter(e -> isNew(wanted, there.get(MapValue.of(e.key())), e)).toList());
    elements.forEach(e -> there.remove(MapValue.of(e.key())));
    return there.keySet().stream().map(MapValue::bytes).toList();
  }

  private static boolean isNew(MapContent wanted, MapValue there, Element element) {
    return there == null
        || (wanted.sort() == Sort.EXACT && !there.equals(MapValue.of(element.value())));
  }

  /** The entries of {@code wanted} that are {@code chosen}, as the kernel wants them. */
  static List<Element> elements(
      BpfMap map, MapContent wanted, Predicate<Map.Entry<MapValue, MapValue>> chosen, Names names) {
    byte[] zero = new byte[map.valueLength()];
    return wanted.entries().entrySet().stream()
        .filter(chosen)
        .map(
            e ->
                new Element(
                    resolve(e.getKey(), names),
                    wanted.sort() == Sort.COUNTERS ? zero : resolve(e.getValue(), names)))
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
