package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import dev.sluice.core.error.InvalidTopologyException;
import dev.sluice.core.topology.Drafts.EndpointDraft;
import dev.sluice.core.topology.Drafts.PolicyDraft;
import dev.sluice.core.topology.Drafts.TopologyDraft;
import java.util.Collection;
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
    Optional<Topology> topology =
        assemble(documents.stream().map(TopologyReader::content).toList(), faults);
    faults.throwIfAny();
    return topology.orElseThrow(() -> new IllegalStateException("neither a topology nor a fault"));
  }

  /**
   * Makes sure that the datapath which {@code yaml} names, if it names one, is among {@code known}.
   *
   * @param yaml as {@link #read} has read it
   * @throws InvalidTopologyException with the place where it names another one
   */
  public static void requireDatapath(String source, String yaml, Collection<String> known) {
    Faults faults = new Faults(source);
    YamlDocuments.compose(source, yaml, faults).stream()
        .filter(document -> kind(document).equals(KIND))
        .flatMap(document -> document.peek("spec").flatMap(spec -> spec.peek("datapath")).stream())
        .forEach(
            datapath ->
                datapath
                    .text()
                    .filter(name -> !known.contains(name))
                    .ifPresent(
                        name ->
                            datapath.fault(
                                "there is no datapath "
                                    + quote(name)
                                    + Suggestion.instead(name, known))));
    faults.throwIfAny();
  }

  /** What a document holds; its faults are noted. */
  static Content content(YamlValue document) {
    return switch (kind(document)) {
      case KIND -> new Content(List.of(document), readTopology(document), List.of(), false);
      case PolicyReader.KIND ->
          Content.of(PolicyReader.read(document, Shape.POLICY).map(List::of).orElse(List.of()));
      case PolicyListReader.LIST -> Content.of(PolicyListReader.read(document));
      case PolicyListReader.TYPED_LIST -> Content.of(PolicyListReader.readTyped(document));
      case KINDLESS -> new Content(List.of(), Optional.empty(), List.of(), true);
      default -> Content.of(List.of());
    };
  }

  /** What the documents of a file declare together; empty if they cannot, which is a fault. */
  static Optional<Topology> assemble(List<Content> contents, Faults faults) {
    List<YamlValue> declared =
        contents.stream().map(Content::declarations).flatMap(List::stream).toList();
    List<PolicyDraft> policies =
        contents.stream().map(Content::policies).flatMap(List::stream).toList();
    // What has no kind may have been meant to be it, and is told.
    if (declared.isEmpty() && contents.stream().noneMatch(Content::kindless)) {
      faults.add(1, 1, "the file declares no topology; give a document of kind " + KIND);
    }
    for (YamlValue second : declared.stream().skip(1).toList()) {
      second.fault(
          "a second Topology, the first is in line "
              + declared.get(0).line()
              + "; keep one of them in a file");
    }
    // A second one is read for its own faults.
    Optional<Complete> topology = contents.stream().flatMap(c -> c.topology().stream()).findFirst();
    PolicyChecks.unique(policies);
    topology.ifPresent(t -> PolicyChecks.namespaces(policies, t.draft()));
    return topology
        .filter(t -> !faults.any())
        .map(t -> TopologyBuilder.build(t.draft(), t.endpoints(), policies));
  }

  /**
   * What a document holds.
   *
   * @param declarations the document itself, where it declares a topology
   * @param topology what it declares, if it can be read
   * @param kindless whether it does not say what it is
   */
  record Content(
      List<YamlValue> declarations,
      Optional<Complete> topology,
      List<PolicyDraft> policies,
      boolean kindless) {
    private static Content of(List<PolicyDraft> policies) {
      return new Content(List.of(), Optional.empty(), policies, false);
    }
  }

  /** A topology of which every part is checked against the others. */
  record Complete(TopologyDraft draft, List<EndpointDraft> endpoints) {}

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
