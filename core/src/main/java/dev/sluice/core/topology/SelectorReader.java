package dev.sluice.core.topology;

import dev.sluice.core.topology.NetworkPolicy.LabelSelector;
import dev.sluice.core.topology.NetworkPolicy.Operator;
import dev.sluice.core.topology.NetworkPolicy.Requirement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a Kubernetes label selector. */
final class SelectorReader {

  static final Map<String, Operator> OPERATORS = operators();

  private SelectorReader() {}

  /** The selector; what of it is wrong has no requirement. */
  static LabelSelector read(YamlValue value) {
    List<Requirement> requirements = new ArrayList<>();
    value
        .map(Shape.SELECTOR)
        .ifPresent(
            map -> {
              Labels.read(map, "matchLabels")
                  .forEach(
                      (key, label) ->
                          requirements.add(new Requirement(key, Operator.IN, List.of(label))));
              map.get("matchExpressions").map(YamlValue::listOrEmpty).orElse(List.of()).stream()
                  .map(item -> item.map(Shape.REQUIREMENT).flatMap(SelectorReader::requirement))
                  .flatMap(Optional::stream)
                  .forEach(requirements::add);
            });
    return new LabelSelector(requirements);
  }

  private static Optional<Requirement> requirement(YamlMap map) {
    Optional<Located<String>> key = map.get("key").flatMap(v -> v.string(Names::labelKey));
    Optional<Operator> operator = map.get("operator").flatMap(v -> v.oneOf(OPERATORS));
    Optional<YamlValue> list = map.get("values");
    List<YamlValue> items = list.map(YamlValue::listOrEmpty).orElse(List.of());
    List<String> values =
        items.stream()
            .map(item -> item.string(Names::labelValue))
            .flatMap(Optional::stream)
            .map(Located::value)
            .toList();
    if (operator.isPresent()) {
      boolean compares = operator.get() == Operator.IN || operator.get() == Operator.NOT_IN;
      String name = map.get("operator").flatMap(YamlValue::text).orElse("");
      if (compares && items.isEmpty() && list.map(YamlValue::isList).orElse(true)) {
        list.orElse(map.at()).fault(name + " compares with nothing; give 'values'");
      } else if (!compares && !items.isEmpty()) {
        list.get().fault(name + " compares with no value; leave 'values' out");
      }
    }
    return key.flatMap(k -> operator.map(o -> new Requirement(k.value(), o, values)));
  }

  private static Map<String, Operator> operators() {
    Map<String, Operator> operators = new LinkedHashMap<>();
    operators.put("In", Operator.IN);
    operators.put("NotIn", Operator.NOT_IN);
    operators.put("Exists", Operator.EXISTS);
    operators.put("DoesNotExist", Operator.DOES_NOT_EXIST);
    return operators;
  }
}
