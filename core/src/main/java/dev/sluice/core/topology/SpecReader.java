package dev.sluice.core.topology;

import dev.sluice.core.topology.Drafts.NamespaceDraft;
import dev.sluice.core.topology.Drafts.TopologyDraft;
import dev.sluice.core.topology.Topology.Established;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads {@code metadata} and {@code spec} of a Topology document, each part by itself. */
final class SpecReader {

  static final String DEFAULT_DATAPATH = "bridge";

  static final Map<String, Established> ESTABLISHED = Words.of(Established.values());

  private SpecReader() {}

  static TopologyDraft read(YamlMap document) {
    Optional<Located<String>> name =
        document
            .get("metadata")
            .flatMap(v -> v.map(Shape.METADATA))
            .flatMap(m -> m.get("name"))
            .flatMap(v -> v.string(Names::dnsLabel));
    YamlMap spec =
        document
            .get("spec")
            .flatMap(v -> v.map(Shape.SPEC))
            .orElseGet(() -> new YamlMap(document.at(), Shape.SPEC, new LinkedHashMap<>()));
    return new TopologyDraft(
        name,
        spec.get("datapath")
            .flatMap(v -> v.string(Names::dnsLabel))
            .map(Located::value)
            .orElse(DEFAULT_DATAPATH),
        items(spec, "namespaces", SpecReader::readNamespace),
        items(spec, "networks", NetworkReader::read),
        items(spec, "endpoints", EndpointReader::read),
        items(spec, "denyFrom", Addresses::cidr),
        spec.get("established").flatMap(v -> v.oneOf(ESTABLISHED)).orElse(Established.REVOKE));
  }

  private static Optional<NamespaceDraft> readNamespace(YamlValue item) {
    return item.map(Shape.NAMESPACE)
        .map(
            map ->
                new NamespaceDraft(
                    map.get("name").flatMap(v -> v.string(Names::dnsLabel)),
                    Labels.read(map, "labels")));
  }

  private static <T> List<T> items(
      YamlMap spec, String key, Function<YamlValue, Optional<T>> reader) {
    return spec.get(key).map(YamlValue::list).orElse(List.of()).stream()
        .map(reader)
        .flatMap(Optional::stream)
        .toList();
  }
}
