package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Kubernetes labels: a mapping of strings to strings. */
final class Labels {

  private Labels() {}

  static Map<String, String> read(YamlMap owner) {
    Map<String, String> labels = new LinkedHashMap<>();
    owner
        .get("labels")
        .flatMap(YamlValue::entries)
        .orElse(Map.of())
        .forEach(
            (key, value) -> {
              Optional<String> wrong = Names.labelKey(key);
              wrong.ifPresent(w -> value.fault("the key " + quote(key) + " " + w));
              value.string(Names::labelValue).ifPresent(text -> labels.put(key, text.value()));
            });
    return labels;
  }
}
