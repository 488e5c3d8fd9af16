package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import dev.sluice.core.error.InvalidTopologyException;
import dev.sluice.core.topology.Drafts.EndpointDraft;
import dev.sluice.core.topology.Drafts.TopologyDraft;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a topology file: YAML 1.2 of one or more documents, one of them a Topology. The fields and
 * their limits are in {@code docs/topology.md}; the JSON Schema for editors is the resource {@code
 * topology.schema.json} beside this class.
 *
 * <p>NetworkPolicy documents are known and refused: a policy that is read and not enforced would
 * let through what it denies.
 */
public final class TopologyReader {

  /** The API version of a Topology document. */
  public static final String API_VERSION = "sluice.dev/v1alpha1";

  /** The kind of a Topology document. */
  public static final String KIND = "Topology";

  private static final String POLICY = "NetworkPolicy";
  private static final String POLICY_VERSION = "networking.k8s.io/v1";
  private static final String LIST = "List";
  private static final String LIST_VERSION = "v1";

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
    for (YamlValue document : documents) {
      if (!isTopology(document)) {
        continue;
      }
      first.ifPresent(
          f ->
              document.fault(
                  "a second Topology, the first is in line "
                      + f.line()
                      + "; keep one of them in a file"));
      first = first.or(() -> Optional.of(document));
      // A second one is read for its own faults.
      topology = readTopology(document);
    }
    if (first.isEmpty()) {
      faults.add(1, 1, "the file declares no topology; give a document of kind " + KIND);
    }
    faults.throwIfAny();
    return topology
        .map(t -> TopologyBuilder.build(t.draft(), t.endpoints()))
        .orElseThrow(() -> new IllegalStateException("neither a topology nor a fault"));
  }

  private record Complete(TopologyDraft draft, List<EndpointDraft> endpoints) {}

  private static Optional<Complete> readTopology(YamlValue document) {
    return document
        .map(Shape.DOCUMENT)
        .map(
            map -> {
              map.get("apiVersion")
                  .ifPresent(v -> v.string(text -> wrongUnless(text, API_VERSION)));
              map.get("kind").ifPresent(YamlValue::string);
              TopologyDraft draft = SpecReader.read(map);
              TopologyChecks.check(draft);
              return new Complete(draft, AddressChecks.complete(draft));
            });
  }

  /** Whether to read a document as a topology; what it is else is a fault, unless it is empty. */
  private static boolean isTopology(YamlValue document) {
    Optional<YamlValue> kind = document.peek("kind");
    Optional<String> name = kind.flatMap(YamlValue::text);
    if (name.isEmpty()) {
      return !document.isNull();
    }
    switch (name.get()) {
      case KIND -> {
        return true;
      }
      case POLICY -> refusePolicy(document);
      case LIST -> refuseList(document);
      default -> {
        kind.get().fault(quote(name.get()) + " is not known; give " + KIND);
        return Text.nearest(name.get(), Set.of(KIND)).isPresent();
      }
    }
    return false;
  }

  private static void refuseList(YamlValue list) {
    list.peek("apiVersion").ifPresent(v -> v.string(text -> wrongUnless(text, LIST_VERSION)));
    Optional<YamlValue> items = list.peek("items");
    if (items.isEmpty()) {
      list.fault("key 'items' is missing; give a list of " + POLICY + " objects");
    }
    for (YamlValue item : items.map(YamlValue::list).orElse(List.of())) {
      if (item.peek("kind").flatMap(YamlValue::text).filter(POLICY::equals).isPresent()) {
        refusePolicy(item);
      } else {
        item.peek("kind").orElse(item).fault("a list may hold " + POLICY + " objects only");
      }
    }
  }

  private static void refusePolicy(YamlValue policy) {
    policy.peek("apiVersion").ifPresent(v -> v.string(text -> wrongUnless(text, POLICY_VERSION)));
    policy
        .peek("kind")
        .orElse(policy)
        .fault(
            "policy is not enforced by this version, and what a policy denies would pass; remove"
                + " the "
                + POLICY);
  }

  private static Optional<String> wrongUnless(String text, String right) {
    return text.equals(right)
        ? Optional.empty()
        : Optional.of("is not a version that is known; give " + right);
  }
}
