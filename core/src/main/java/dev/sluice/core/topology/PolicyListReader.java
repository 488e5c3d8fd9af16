package dev.sluice.core.topology;

import dev.sluice.core.topology.Drafts.PolicyDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a list of policies: a {@code List}, as kubectl prints it, or the API's own. */
final class PolicyListReader {

  static final String LIST = "List";
  static final String LIST_VERSION = "v1";

  /** The API server's list, whose items need not repeat what they are. */
  static final String TYPED_LIST = PolicyReader.KIND + "List";

  private PolicyListReader() {}

  /** The policies of a {@value #LIST}. */
  static List<PolicyDraft> read(YamlValue list) {
    return read(list, LIST_VERSION, Shape.POLICY);
  }

  /** The policies of a NetworkPolicyList. */
  static List<PolicyDraft> readTyped(YamlValue list) {
    return read(list, PolicyReader.API_VERSION, Shape.POLICY_ITEM);
  }

  private static List<PolicyDraft> read(YamlValue list, String version, Shape shape) {
    Optional<YamlMap> map = list.map(Shape.POLICY_LIST);
    map.flatMap(m -> m.get("apiVersion"))
        .ifPresent(v -> v.string(text -> Names.version(text, version)));
    map.flatMap(m -> m.get("kind")).ifPresent(YamlValue::string);
    List<PolicyDraft> out = new ArrayList<>();
    for (YamlValue item :
        map.flatMap(m -> m.get("items")).map(YamlValue::listOrEmpty).orElse(List.of())) {
      Optional<YamlValue> kind = item.peek("kind");
      if (kind.flatMap(YamlValue::text).filter(k -> !k.equals(PolicyReader.KIND)).isPresent()) {
        kind.get().fault("a list may hold " + PolicyReader.KIND + " objects only");
      } else {
        PolicyReader.read(item, shape).ifPresent(out::add);
      }
    }
    return out;
  }
}
