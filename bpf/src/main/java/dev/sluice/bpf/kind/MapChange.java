package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapContent.Sort;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfMap.Element;
import dev.sluice.core.reconcile.kind.Action.Names;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Another content in the maps of a version in force. All that is new and changed comes first, map
 * by map; then goes what is old, in the reverse order: a program that finds its way by an entry of
 * a later map meets the whole of what that leads to.
 */
final class MapChange {

  private MapChange() {}

  /** {@code version}: the directory of its pins. */
  static void apply(Path version, List<MapContent> from, List<MapContent> to, Names names) {
    List<Runnable> deletions = new ArrayList<>();
    for (MapContent wanted : to) {
      SortedMap<MapValue, MapValue> before = before(from, wanted.map());
      if (!before.equals(wanted.entries())) {
        Path pin = version.resolve(ObjectLoader.MAP + wanted.map());
        try (BpfMap map = BpfMap.pinned(pin)) {
          map.updateAll(elements(map, wanted, before, names));
        }
        List<MapValue> old = new ArrayList<>(before.keySet());
        old.removeAll(wanted.entries().keySet());
        if (!old.isEmpty()) {
          deletions.add(0, () -> delete(pin, old, names));
        }
      }
    }
    deletions.forEach(Runnable::run);
  }

  private static SortedMap<MapValue, MapValue> before(List<MapContent> from, String map) {
    return from.stream()
        .filter(content -> content.map().equals(map))
        .map(MapContent::entries)
        .findFirst()
        .orElseGet(TreeMap::new);
  }

  /** What of {@code wanted} is not in {@code before}, as the kernel wants it. */
  static List<Element> elements(
      BpfMap map, MapContent wanted, SortedMap<MapValue, MapValue> before, Names names) {
    List<Element> out = new ArrayList<>();
    wanted
        .entries()
        .forEach(
            (key, value) -> {
              if (!value.equals(before.get(key))) {
                byte[] bytes =
                    wanted.sort() == Sort.COUNTERS
                        ? new byte[map.valueLength()]
                        : resolve(value, names);
                out.add(new Element(resolve(key, names), bytes));
              }
            });
    return out;
  }

  private static void delete(Path pin, List<MapValue> keys, Names names) {
    try (BpfMap map = BpfMap.pinned(pin)) {
      List<byte[]> raw = keys.stream().map(key -> resolve(key, names)).toList();
      if (map.shape().isArray()) {
        byte[] zero = new byte[map.valueLength()];
        map.updateAll(raw.stream().map(key -> new Element(key, zero)).toList());
      } else {
        map.deleteAll(raw);
      }
    }
  }

  private static byte[] resolve(MapValue value, Names names) {
    return value.resolve(link -> OptionalInt.of(names.link(link)));
  }
}
