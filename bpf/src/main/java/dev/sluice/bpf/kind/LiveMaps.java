package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.lib.BpfMap;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The pins of live state. Each version has them a second time: so it is known what there should be,
 * and what somebody has removed is pinned again as it is, flows and all.
 */
final class LiveMaps {

  private LiveMaps() {}

  /** Where those should be that a version, whose pins are in {@code version}, works with. */
  static List<Path> of(ObjectPins pins, Path version, BpfObject object) {
    Set<String> listed =
        object.maps().stream()
            .map(MapContent::map)
            .map(ObjectLoader.MAP::concat)
            .collect(Collectors.toSet());
    return ObjectPins.list(version).stream()
        .map(pin -> pin.getFileName().toString())
        .filter(name -> name.startsWith(ObjectLoader.MAP) && !listed.contains(name))
        .map(pins.live()::resolve)
        .toList();
  }

  /** Pins again what is missing of those that whole versions work with. */
  static void restore(ObjectPins pins, BpfObject object) {
    for (String name : pins.versions().stream().filter(ObjectPins::isWhole).toList()) {
      Path version = pins.version(name);
      of(pins, version, object).stream()
          .filter(live -> !Files.exists(live))
          .forEach(live -> copy(version.resolve(live.getFileName()), live));
    }
  }

  /** Pins all that there is for a version too. */
  static void pin(ObjectPins pins, Path version) {
    ObjectPins.list(pins.live()).forEach(live -> copy(live, version.resolve(live.getFileName())));
  }

  private static void copy(Path from, Path to) {
    try (BpfMap map = BpfMap.pinned(from)) {
      map.pin(to);
    }
  }
}
