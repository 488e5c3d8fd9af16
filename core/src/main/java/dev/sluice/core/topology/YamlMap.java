package dev.sluice.core.topology;

import java.util.Map;
import java.util.Optional;

/** A mapping of a known {@link Shape}, its keys already checked against it. */
record YamlMap(YamlValue at, Shape shape, Map<String, YamlValue> values) {

  /** The value of a key of the shape; empty if the file leaves it out. */
  Optional<YamlValue> get(String key) {
    if (!shape.has(key)) {
      throw new IllegalArgumentException(shape.name() + " has no key " + key);
    }
    return Optional.ofNullable(values.get(key));
  }

  void fault(String message) {
    at.fault(message);
  }
}
