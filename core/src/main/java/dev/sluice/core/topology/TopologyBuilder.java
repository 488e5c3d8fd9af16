package dev.sluice.core.topology;

import dev.sluice.core.topology.Drafts.EndpointDraft;
import dev.sluice.core.topology.Drafts.InterfaceDraft;
import dev.sluice.core.topology.Drafts.NetworkDraft;
import dev.sluice.core.topology.Drafts.PolicyDraft;
import dev.sluice.core.topology.Drafts.TopologyDraft;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.PolicyNamespace;
import dev.sluice.core.topology.Topology.Port;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the records of drafts in which no fault was found. */
final class TopologyBuilder {

  private TopologyBuilder() {}

  static Topology build(
      TopologyDraft draft, List<EndpointDraft> endpoints, List<PolicyDraft> policies) {
    return new Topology(
        text(draft.name()),
        draft.datapath(),
        namespaces(draft),
        draft.networks().stream().map(TopologyBuilder::network).toList(),
        endpoints.stream().map(TopologyBuilder::endpoint).toList(),
        draft.denyFrom().stream().map(Located::value).toList(),
        draft.established(),
        policies.stream().map(PolicyDraft::policy).toList());
  }

  /** As Kubernetes gives it to every namespace, so that policies can mean one by its name. */
  private static Map<String, String> labels(String name, Map<String, String> declared) {
    Map<String, String> labels = new HashMap<>(declared);
    labels.put(TopologyChecks.NAME_LABEL, name);
    return labels;
  }

  /** Those declared, and the default one last if it is not among them. */
  private static List<PolicyNamespace> namespaces(TopologyDraft draft) {
    List<PolicyNamespace> namespaces = new ArrayList<>();
    draft
        .namespaces()
        .forEach(
            n ->
                namespaces.add(
                    new PolicyNamespace(text(n.name()), labels(text(n.name()), n.labels()))));
    if (namespaces.stream().noneMatch(n -> n.name().equals(Topology.DEFAULT_NAMESPACE))) {
      namespaces.add(
          new PolicyNamespace(
              Topology.DEFAULT_NAMESPACE, labels(Topology.DEFAULT_NAMESPACE, Map.of())));
    }
    return namespaces;
  }

  private static Network network(NetworkDraft draft) {
    return new Network(
        text(draft.name()),
        draft.subnets().stream()
            .map(s -> new Subnet(s.cidr().value(), s.gateway(), s.onNode()))
            .toList(),
        draft.mtu(),
        draft.masquerade(),
        draft.uplink(),
        draft.parent(),
        draft.ipvlan());
  }

  private static Endpoint endpoint(EndpointDraft draft) {
    return new Endpoint(
        text(draft.name()),
        text(draft.netns()),
        draft.namespace().map(Located::value).orElse(Topology.DEFAULT_NAMESPACE),
        draft.labels(),
        draft.interfaces().stream().map(TopologyBuilder::link).toList(),
        draft.ports().stream()
            .map(
                p ->
                    new Port(
                        p.name().map(Located::value),
                        p.port(),
                        p.protocol(),
                        p.publish().map(Located::value)))
            .toList());
  }

  private static Interface link(InterfaceDraft draft) {
    return new Interface(
        text(draft.network()),
        text(draft.name()),
        draft.mac().map(Located::value),
        draft.addresses().stream().map(Located::value).toList(),
        draft.rate());
  }

  private static String text(Optional<Located<String>> required) {
    return required
        .map(Located::value)
        .orElseThrow(() -> new IllegalStateException("a required key is missing without a fault"));
  }
}
