package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import dev.sluice.core.topology.Drafts.EndpointDraft;
import dev.sluice.core.topology.Drafts.InterfaceDraft;
import dev.sluice.core.topology.Drafts.NamespaceDraft;
import dev.sluice.core.topology.Drafts.NetworkDraft;
import dev.sluice.core.topology.Drafts.PortDraft;
import dev.sluice.core.topology.Drafts.SubnetDraft;
import dev.sluice.core.topology.Drafts.TopologyDraft;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What the parts of a topology must be to one another: names, references, subnets, ports. */
final class TopologyChecks {

  /** The label that holds a namespace's name, declared or not. */
  static final String NAME_LABEL = "kubernetes.io/metadata.name";

  private TopologyChecks() {}

  static void check(TopologyDraft draft) {
    unique("policy namespace", named(draft.namespaces(), NamespaceDraft::name));
    unique("network", named(draft.networks(), NetworkDraft::name));
    unique("endpoint", named(draft.endpoints(), EndpointDraft::name));
    unique("network namespace", named(draft.endpoints(), EndpointDraft::netns));
    draft.namespaces().forEach(TopologyChecks::nameLabel);
    overlaps(draft.networks());
    references(draft);
    published(draft.endpoints());
    DenyChecks.check(draft);
    for (EndpointDraft endpoint : draft.endpoints()) {
      unique("interface", named(endpoint.interfaces(), InterfaceDraft::name));
      unique("port", named(endpoint.ports(), PortDraft::name));
    }
  }

  private static void nameLabel(NamespaceDraft namespace) {
    Optional<String> label = Optional.ofNullable(namespace.labels().get(NAME_LABEL));
    namespace
        .name()
        .filter(name -> label.isPresent() && !label.get().equals(name.value()))
        .ifPresent(
            name ->
                name.fault(
                    "its label %s is %s; it is always the name: leave the label out"
                        .formatted(NAME_LABEL, quote(label.get()))));
  }

  private static <D> List<Located<String>> named(
      Collection<D> drafts, Function<D, Optional<Located<String>>> name) {
    return drafts.stream().map(name).flatMap(Optional::stream).toList();
  }

  private static void unique(String what, List<Located<String>> names) {
    Map<String, Located<String>> first = new HashMap<>();
    for (Located<String> name : names) {
      Located<String> other = first.putIfAbsent(name.value(), name);
      if (other != null) {
        name.fault(
            what
                + " "
                + quote(name.value())
                + " is declared again, first in line "
                + other.line()
                + "; give another name");
      }
    }
  }

  private record Claim(SubnetDraft subnet, String network, int order) {}

  /**
   * Sorted blocks lie within the one before or after it, so one look back is enough; of a pair the
   * one later in the file is at fault.
   */
  private static void overlaps(List<NetworkDraft> networks) {
    List<Claim> claims = new ArrayList<>();
    for (NetworkDraft network : networks) {
      String name = network.name().map(n -> quote(n.value())).orElse("without a valid name");
      network.subnets().forEach(s -> claims.add(new Claim(s, name, claims.size())));
    }
    claims.sort(
        Comparator.comparing((Claim c) -> c.subnet().cidr().value()).thenComparing(Claim::order));
    Optional<Claim> outer = Optional.empty();
    for (Claim claim : claims) {
      if (outer.isEmpty()
          || !outer.get().subnet().cidr().value().overlaps(claim.subnet().cidr().value())) {
        outer = Optional.of(claim);
        continue;
      }
      Claim early = outer.get().order() < claim.order() ? outer.get() : claim;
      Claim late = early.equals(claim) ? outer.get() : claim;
      late.subnet()
          .cidr()
          .fault(
              late.subnet().cidr().value()
                  + " overlaps "
                  + early.subnet().cidr().value()
                  + " of network "
                  + early.network()
                  + " in line "
                  + early.subnet().cidr().line()
                  + "; give subnets that have no address in common");
    }
  }

  private static void references(TopologyDraft draft) {
    List<String> networks =
        named(draft.networks(), NetworkDraft::name).stream().map(Located::value).toList();
    // Where a declaration could not be read, a reference to it is no fault of its own.
    boolean allNetworks = networks.size() == draft.networks().size() && !networks.isEmpty();
    List<String> namespaces =
        named(draft.namespaces(), NamespaceDraft::name).stream().map(Located::value).toList();
    boolean allNamespaces = namespaces.size() == draft.namespaces().size();
    for (EndpointDraft endpoint : draft.endpoints()) {
      if (allNamespaces) {
        endpoint.namespace().ifPresent(n -> declaredNamespace(n, namespaces));
      }
      for (InterfaceDraft port : endpoint.interfaces()) {
        if (allNetworks) {
          port.network().ifPresent(n -> declared("network", "spec.networks", n, networks));
        }
      }
    }
  }

  /** {@code reference} is one of {@code known} or the default, which needs no declaration. */
  static void declaredNamespace(Located<String> reference, List<String> known) {
    if (!reference.value().equals(Topology.DEFAULT_NAMESPACE)) {
      declared("policy namespace", "spec.namespaces", reference, known);
    }
  }

  private static void declared(
      String what, String where, Located<String> reference, List<String> known) {
    if (!known.contains(reference.value())) {
      String meant =
          Text.nearest(reference.value(), known)
              .map(near -> "did you mean " + quote(near) + "?")
              .orElse("declare it in " + where);
      reference.fault(what + " " + quote(reference.value()) + " is not declared; " + meant);
    }
  }

  private static void published(List<EndpointDraft> endpoints) {
    Map<String, Located<Integer>> first = new HashMap<>();
    for (EndpointDraft endpoint : endpoints) {
      for (PortDraft port : endpoint.ports()) {
        port.publish()
            .ifPresent(
                publish -> {
                  String key = port.protocol() + " port " + publish.value();
                  Located<Integer> other = first.putIfAbsent(key, publish);
                  if (other != null) {
                    publish.fault(
                        key
                            + " of the node is published again, first in line "
                            + other.line()
                            + "; give another port");
                  }
                });
      }
    }
  }
}
