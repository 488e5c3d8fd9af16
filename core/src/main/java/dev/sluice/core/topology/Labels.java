package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Kubernetes labels: a mapping of strings to strings. */
final class Labels {

  private Labels() {}

  /** The labels under {@code key} of {@code owner}. */
  static Map<String, String> read(YamlMap owner, String key) {
    Map<String, String> labels = new LinkedHashMap<>();
    owner
        .get(key)
        .flatMap(YamlValue::entries)
        .orElse(Map.of())
        .forEach(
            (label, value) -> {
              Optional<String> wrong = Names.labelKey(label);
              wrong.ifPresent(w -> value.fault("the key " + quote(label) + " " + w));
              value.string(Names::labelValue).ifPresent(text -> labels.put(label, text.value()));
            });
    return labels;
  }
}
