package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import dev.sluice.core.error.InvalidTopologyException;
import dev.sluice.core.topology.Drafts.EndpointDraft;
import dev.sluice.core.topology.Drafts.PolicyDraft;
import dev.sluice.core.topology.Drafts.TopologyDraft;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a topology file: YAML 1.2 of one or more documents, one of them a Topology, the others
 * NetworkPolicy objects and lists of them. The fields and their limits are in {@code
 * docs/topology.md}; the JSON Schema for editors is the resource {@code topology.schema.json}
 * beside this class.
 */
public final class TopologyReader {

  /** The API version of a Topology document. */
  public static final String API_VERSION = "sluice.dev/v1alpha1";

  /** The kind of a Topology document. */
  public static final String KIND = "Topology";

  private static final List<String> KINDS =
      List.of(KIND, PolicyReader.KIND, PolicyListReader.TYPED_LIST, PolicyListReader.LIST);

  private static final String NOTHING = "";

  /** No name of a kind, as it has spaces. */
  private static final String KINDLESS = "no kind";

  private TopologyReader() {}

  /**
   * The topology that {@code yaml} declares.
   *
   * @param source what faults call the file
   * @throws InvalidTopologyException with every fault of the text, sorted by position; a text that
   *     is no YAML has that one fault
   */
  public static Topology read(String source, String yaml) {
    Faults faults = new Faults(source);
    List<YamlValue> documents = YamlDocuments.compose(source, yaml, faults);
    faults.throwIfAny();
    Optional<YamlValue> first = Optional.empty();
    Optional<Complete> topology = Optional.empty();
    List<PolicyDraft> policies = new ArrayList<>();
    boolean kindless = false;
    for (YamlValue document : documents) {
      switch (kind(document)) {
        case KIND -> {
          first.ifPresent(
              f ->
                  document.fault(
                      "a second Topology, the first is in line "
                          + f.line()
                          + "; keep one of them in a file"));
          first = first.or(() -> Optional.of(document));
          // A second one is read for its own faults.
          Optional<Complete> complete = readTopology(document);
          topology = topology.or(() -> complete);
        }
        case PolicyReader.KIND ->
            PolicyReader.read(document, Shape.POLICY).ifPresent(policies::add);
        case PolicyListReader.LIST -> policies.addAll(PolicyListReader.read(document));
        case PolicyListReader.TYPED_LIST -> policies.addAll(PolicyListReader.readTyped(document));
        case KINDLESS -> kindless = true;
        default -> {}
      }
    }
    // What has no kind may have been meant to be it, and is told.
    if (first.isEmpty() && !kindless) {
      faults.add(1, 1, "the file declares no topology; give a document of kind " + KIND);
    }
    PolicyChecks.unique(policies);
    topology.ifPresent(t -> PolicyChecks.namespaces(policies, t.draft()));
    faults.throwIfAny();
    return topology
        .map(t -> TopologyBuilder.build(t.draft(), t.endpoints(), policies))
        .orElseThrow(() -> new IllegalStateException("neither a topology nor a fault"));
  }

  private record Complete(TopologyDraft draft, List<EndpointDraft> endpoints) {}

  private static Optional<Complete> readTopology(YamlValue document) {
    return document
        .map(Shape.DOCUMENT)
        .map(
            map -> {
              map.get("apiVersion")
                  .ifPresent(v -> v.string(text -> Names.version(text, API_VERSION)));
              map.get("kind").ifPresent(YamlValue::string);
              TopologyDraft draft = SpecReader.read(map);
              TopologyChecks.check(draft);
              return new Complete(draft, AddressChecks.complete(draft));
            });
  }

  /**
   * As what to read a document: the kind that it names or most likely means, a Topology if it names
   * none but the Topology's version, and nothing if it is empty or of another kind, which is a
   * fault.
   */
  private static String kind(YamlValue document) {
    if (document.isNull()) {
      return NOTHING;
    }
    Optional<YamlValue> kind = document.peek("kind");
    Optional<String> name = kind.flatMap(YamlValue::text);
    if (name.isEmpty()) {
      Optional<String> version = document.peek("apiVersion").flatMap(YamlValue::text);
      if (version.equals(Optional.of(API_VERSION))) {
        return KIND;
      }
      kind.orElse(document)
          .fault(
              (kind.isPresent() ? "is no word" : "the document has no kind") + "; give " + kinds());
      return KINDLESS;
    }
    if (KINDS.contains(name.get())) {
      return name.get();
    }
    Optional<String> meant = Text.nearest(name.get(), KINDS);
    kind.get()
        .fault(
            quote(name.get())
                + " is not known; "
                + meant.map(near -> "did you mean " + quote(near) + "? ").orElse("")
                + "give "
                + kinds());
    return meant.orElse(NOTHING);
  }

  private static String kinds() {
    return String.join(" or ", KINDS);
  }
}
