package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapContent.Sort;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfMap.Element;
import dev.sluice.core.kernel.KernelState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the maps of a version, in the words of what is wanted wherever that is what is there. */
final class ObjectReader {

  private ObjectReader() {}

  /** Whether the version of {@code wanted} has all pins that somebody wants of it. */
  static boolean isComplete(ObjectPins pins, BpfObject wanted, KernelState desired) {
    Path version = pins.version(wanted.version());
    return wanted.maps().stream()
            .allMatch(map -> Files.exists(version.resolve(ObjectLoader.MAP + map.map())))
        && desired.objects().stream()
            .filter(BpfLink.class::isInstance)
            .map(BpfLink.class::cast)
            .filter(link -> link.object().equals(wanted.name()))
            .allMatch(link -> Files.exists(pins.program(wanted.version(), link.program())));
  }

  /**
   * What of {@code wanted} is there.
   *
   * @param version the directory of its pins
   */
  static BpfObject read(Path version, BpfObject wanted, Function<String, OptionalInt> indexes) {
    List<MapContent> maps = new ArrayList<>();
    for (MapContent content : wanted.maps()) {
      try (BpfMap map = BpfMap.pinned(version.resolve(ObjectLoader.MAP + content.map()))) {
        maps.add(
            new MapContent(
                content.map(),
                map.shape().maxEntries(),
                content.sort(),
                entries(map, content, indexes)));
      }
    }
    return new BpfObject(wanted.name(), wanted.file(), wanted.version(), wanted.settings(), maps);
  }

  private static SortedMap<MapValue, MapValue> entries(
      BpfMap map, MapContent wanted, Function<String, OptionalInt> indexes) {
    Map<MapValue, Map.Entry<MapValue, MapValue>> resolved = new HashMap<>();
    wanted
        .entries()
        .entrySet()
        .forEach(e -> resolved.put(MapValue.of(e.getKey().resolve(indexes)), e));
    SortedMap<MapValue, MapValue> out = new TreeMap<>();
    for (Element element : map.dump()) {
      MapValue key = MapValue.of(element.key());
      Map.Entry<MapValue, MapValue> expected = resolved.get(key);
      if (expected == null) {
        if (!(map.shape().isArray() && isZero(element.value()))) {
          out.put(key, value(wanted.sort(), element));
        }
      } else {
        boolean same =
            wanted.sort() == Sort.COUNTERS
                || MapValue.of(element.value())
                    .equals(MapValue.of(expected.getValue().resolve(indexes)));
        out.put(expected.getKey(), same ? expected.getValue() : value(wanted.sort(), element));
      }
    }
    return out;
  }

  private static MapValue value(Sort sort, Element element) {
    return sort == Sort.COUNTERS ? MapValue.none() : MapValue.of(element.value());
  }

  private static boolean isZero(byte[] value) {
    for (byte b : value) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }
}
