package dev.sluice.bpf.kind;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.MapShape;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.reconcile.kind.Action.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a version: loads it, fills its maps, pins it under a name that says that it is not whole,
 * and only then gives it its own.
 */
final class ObjectLoader {

  /** What the names of pins begin with: a map and a program may have one name. */
  static final String MAP = "map-";

  static final String PROGRAM = "prog-";

  private ObjectLoader() {}

  /** Makes {@code object} as a version beside those that are there. */
  static void load(ObjectPins pins, BpfObject object, Names names) {
    Path making = pins.making(object.version());
    ObjectPins.remove(making);
    ObjectPins.make(making);
    ObjectPins.make(pins.live());
    LiveMaps.restore(pins, object);
    try (OpenObject open = OpenObject.open(object.file(), ObjectFile.read(object.file()))) {
      set(open, object, pins.live());
      open.load();
      pin(open, object, making, names);
      LiveMaps.pin(pins, making);
    } catch (RuntimeException e) {
      ObjectPins.remove(making);
      throw e;
    }
    // One that has lost pins is of no use; its programs go on where they are attached.
    ObjectPins.remove(pins.version(object.version()));
    ObjectPins.rename(making, pins.version(object.version()));
  }

  private static void set(OpenObject open, BpfObject object, Path live) {
    object.maps().forEach(content -> open.setMaxEntries(content.map(), content.maxEntries()));
    if (open.constants().contains(Secret.CONSTANT)) {
      open.set(Secret.CONSTANT, Secret.of(live));
    }
    Set<String> listed = object.maps().stream().map(MapContent::map).collect(Collectors.toSet());
    for (String map : open.maps()) {
      if (!listed.contains(map)) {
        share(open, map, live.resolve(MAP + map));
      }
    }
  }

  private static void pin(OpenObject open, BpfObject object, Path making, Names names) {
    for (MapContent content : object.maps()) {
      BpfMap map = open.loadedMap(content.map());
      MapChange.fill(map, content, names);
      map.pin(making.resolve(MAP + content.map()));
    }
    open.programs()
        .forEach(program -> open.program(program).pin(making.resolve(PROGRAM + program)));
  }

  /** What another version has left there must fit. */
  private static void share(OpenObject open, String map, Path pin) {
    if (Files.exists(pin)) {
      MapShape wanted = open.shape(map);
      try (BpfMap standing = BpfMap.pinned(pin)) {
        if (!standing.shape().equals(wanted)) {
          throw new SluiceException(
              Category.TRANSIENT,
              "BPF map %s holds live state of another shape (%s, now %s): it cannot be carried over; sluice destroy the topology and apply it again"
                  .formatted(map, standing.shape(), wanted));
        }
      }
    }
    open.share(map, pin);
  }
}
