package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapContent.Sort;
import dev.sluice.bpf.kernel.MapEntries;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfMap.Element;
import dev.sluice.bpf.lib.BpfMap.Elements;
import dev.sluice.core.kernel.KernelState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Reads the maps of a version; of one that holds what is wanted, in the words of that. */
final class ObjectReader {

  private ObjectReader() {}

  /** Whether the version of {@code wanted} has all pins that somebody wants of it. */
  static boolean isComplete(ObjectPins pins, BpfObject wanted, KernelState desired) {
    Path version = pins.version(wanted.version());
    return wanted.maps().stream()
            .allMatch(map -> Files.exists(version.resolve(ObjectLoader.MAP + map.map())))
        && LiveMaps.of(pins, version, wanted).stream().allMatch(Files::exists)
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
    return new BpfObject(wanted.name(), wanted.file(), wanted.version(), maps);
  }

  private static MapEntries entries(
      BpfMap map, MapContent wanted, Function<String, OptionalInt> indexes) {
    MapEntries resolved = wanted.entries().resolve(indexes);
    MapEntries there = entries(map, wanted.sort(), resolved);
    return there.equals(resolved) ? wanted.entries() : there;
  }

  /**
   * What is there, without the values of counters and without what is zero in an array for want of
   * anything else.
   */
  static MapEntries entries(BpfMap map, Sort sort, MapEntries wanted) {
    if (map.shape().isArray()) {
      SortedMap<MapValue, MapValue> out = new TreeMap<>();
      for (Element element : map.dump()) {
        MapValue key = MapValue.of(element.key());
        if (wanted.contains(key) || !isZero(element.value())) {
          out.put(key, MapValue.of(element.value()));
        }
      }
      return MapEntries.of(out);
    }
    Elements there = map.elements();
    return MapEntries.of(
        there.size(), there.keys(), sort == Sort.COUNTERS ? new byte[0] : there.values());
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
