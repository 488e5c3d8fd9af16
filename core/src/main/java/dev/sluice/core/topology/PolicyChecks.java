package dev.sluice.core.topology;

import static dev.sluice.core.topology.Text.quote;

import dev.sluice.core.topology.Drafts.PolicyDraft;
import dev.sluice.core.topology.Drafts.TopologyDraft;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the policies of a file must be to one another, and to its topology. */
final class PolicyChecks {

  private PolicyChecks() {}

  /** One policy of a name in a namespace. */
  static void unique(List<PolicyDraft> policies) {
    Map<String, Located<String>> first = new HashMap<>();
    for (PolicyDraft policy : policies) {
      policy
          .name()
          .ifPresent(
              name -> {
                String id = policy.policy().namespace() + "/" + name.value();
                Located<String> other = first.putIfAbsent(id, name);
                if (other != null) {
                  name.fault(
                      "policy "
                          + quote(id)
                          + " is declared again, first in line "
                          + other.line()
                          + "; give another name");
                }
              });
    }
  }

  /** Namespaces are declared, as far as the topology's own could be read. */
  static void namespaces(List<PolicyDraft> policies, TopologyDraft topology) {
    List<String> known =
        topology.namespaces().stream().flatMap(n -> n.name().stream()).map(Located::value).toList();
    if (known.size() < topology.namespaces().size()) {
      return;
    }
    for (PolicyDraft policy : policies) {
      policy.namespace().ifPresent(n -> TopologyChecks.declaredNamespace(n, known));
    }
  }
}
