package dev.sluice.bpf.kind;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.core.node.Node;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The maps of an object in force, for those who read what its programs count and remember. */
public final class PinnedMaps {

  private PinnedMaps() {}

  /** A map of live state, the same for all versions; empty if the object is not loaded. */
  public static Optional<BpfMap> live(Node node, String object, String map) {
    return open(pins(node, object).live(), map);
  }

  /** A map whose content {@code object} lists; empty if that version is not loaded. */
  public static Optional<BpfMap> listed(Node node, BpfObject object, String map) {
    return open(pins(node, object.name()).version(object.version()), map);
  }

  private static ObjectPins pins(Node node, String object) {
    return ObjectPins.of(node.directories().pins(), object);
  }

  private static Optional<BpfMap> open(Path directory, String map) {
    Path pin = directory.resolve(ObjectLoader.MAP + map);
    return Files.exists(pin) ? Optional.of(BpfMap.pinned(pin)) : Optional.empty();
  }
}
