package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import dev.sluice.core.topology.Drafts.PolicyDraft;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.NetworkPolicy.LabelSelector;
import dev.sluice.core.topology.NetworkPolicy.Rule;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads one NetworkPolicy object, by itself. */
final class PolicyReader {

  static final String KIND = "NetworkPolicy";
  static final String API_VERSION = "networking.k8s.io/v1";

  static final Map<String, Direction> TYPES = types();

  private PolicyReader() {}

  /**
   * The policy that {@code object} declares.
   *
   * @param shape {@link Shape#POLICY}, or {@link Shape#POLICY_ITEM} where a list says kind and
   *     version
   */
  static Optional<PolicyDraft> read(YamlValue object, Shape shape) {
    return object.map(shape).map(PolicyReader::read);
  }

  private static PolicyDraft read(YamlMap object) {
    object.get("apiVersion").ifPresent(v -> v.string(text -> Names.version(text, API_VERSION)));
    object.get("kind").ifPresent(YamlValue::string);
    Optional<YamlMap> metadata = object.get("metadata").flatMap(v -> v.map(Shape.POLICY_METADATA));
    Optional<Located<String>> name =
        metadata.flatMap(m -> m.get("name")).flatMap(v -> v.string(Names::dnsSubdomain));
    Optional<Located<String>> namespace =
        metadata.flatMap(m -> m.get("namespace")).flatMap(v -> v.string(Names::dnsLabel));
    YamlMap spec =
        object
            .get("spec")
            .flatMap(v -> v.map(Shape.POLICY_SPEC))
            .orElseGet(() -> new YamlMap(object.at(), Shape.POLICY_SPEC, Map.of()));
    LabelSelector selector =
        spec.get("podSelector").map(SelectorReader::read).orElse(new LabelSelector(List.of()));
    List<Rule> ingress = rules(spec, "ingress", RuleReader::ingress);
    List<Rule> egress = rules(spec, "egress", RuleReader::egress);
    return new PolicyDraft(
        namespace,
        name,
        new NetworkPolicy(
            namespace.map(Located::value).orElse(Topology.DEFAULT_NAMESPACE),
            name.map(Located::value).orElse(""),
            selector,
            types(spec, egress),
            ingress,
            egress));
  }

  private static List<Rule> rules(
      YamlMap spec, String key, Function<YamlValue, Optional<Rule>> reader) {
    return spec.get(key).map(YamlValue::listOrEmpty).orElse(List.of()).stream()
        .map(reader)
        .flatMap(Optional::stream)
        .toList();
  }

  /** The declared directions; without any Ingress, and Egress where there are egress rules. */
  private static Set<Direction> types(YamlMap spec, List<Rule> egress) {
    Map<Direction, YamlValue> given = new EnumMap<>(Direction.class);
    List<YamlValue> items = spec.get("policyTypes").map(YamlValue::listOrEmpty).orElse(List.of());
    for (YamlValue item : items) {
      item.oneOf(TYPES)
          .ifPresent(
              type -> {
                YamlValue first = given.putIfAbsent(type, item);
                if (first != null) {
                  item.fault(quote(item.text().orElse("")) + " is given again; keep one of them");
                }
              });
    }
    if (!items.isEmpty()) {
      return given.keySet();
    }
    return egress.isEmpty() ? EnumSet.of(Direction.INGRESS) : EnumSet.allOf(Direction.class);
  }

  private static Map<String, Direction> types() {
    Map<String, Direction> types = new LinkedHashMap<>();
    types.put("Ingress", Direction.INGRESS);
    types.put("Egress", Direction.EGRESS);
    return types;
  }
}
