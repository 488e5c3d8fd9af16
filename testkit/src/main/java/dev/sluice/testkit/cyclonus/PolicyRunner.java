package dev.sluice.testkit.cyclonus;

import dev.sluice.core.check.CheckTarget;
import dev.sluice.core.check.Outcome;
import dev.sluice.core.check.ProbeRound;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.sys.Netns;
import dev.sluice.testkit.TestTopologies;
import dev.sluice.testkit.cyclonus.CyclonusCase.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs cases with real packets, on one node, one datapath and in one family. The node and its
 * endpoints live on from step to step and from case to case: each step changes what is running.
 */
final class PolicyRunner {

  private final Node node;
  private final Datapath datapath;
  private final Family family;
  private final Topologies topologies;

  PolicyRunner(Node node, Datapath datapath, Family family) {
    this.node = node;
    this.datapath = datapath;
    this.family = family;
    this.topologies = TestTopologies.on(node, datapath);
  }

  /** Applies each step and probes after it; an AssertionError tells the first that differs. */
  void run(CyclonusCase policyCase) {
    for (int i = 0; i < policyCase.steps().size(); i++) {
      Step step = policyCase.steps().get(i);
      String title =
          "case %s on %s, step %d of %d %s"
              .formatted(policyCase, this, i + 1, policyCase.steps().size(), step.actions());
      String difference;
      try {
        difference = run(step);
      } catch (RuntimeException e) {
        throw new AssertionError(title + ": " + e.getMessage(), e);
      }
      if (!difference.isEmpty()) {
        throw new AssertionError(
            "%s:\n%s\npolicies:\n%s".formatted(title, difference, policies(step)));
      }
    }
  }

  /** What differs; empty if nothing does. */
  private String run(Step step) {
    topologies.apply(TestTopologies.declared(datapath, step.setting().yaml(family)));
    StepProbes probes = new StepProbes(step, family);
    Map<String, Netns> endpoints = new HashMap<>();
    try {
      // Anew in each step: an endpoint may have come, gone, or come back as another namespace.
      step.setting()
          .endpoints()
          .forEach(name -> endpoints.put(name, Netns.open(node.published(name))));
      List<Outcome> outcomes = ProbeRound.quick(target(endpoints), probes.expectations());
      return probes.difference(outcomes);
    } finally {
      endpoints.values().forEach(Netns::close);
    }
  }

  private CheckTarget target(Map<String, Netns> endpoints) {
    return new CheckTarget() {
      @Override
      public Netns node() {
        return node.netns();
      }

      @Override
      public Netns endpoint(String name) {
        return endpoints.get(name);
      }
    };
  }

  /** The policies as they are declared, the documents behind the topology's own. */
  private String policies(Step step) {
    String[] documents = step.setting().yaml(family).split("---\n", -1);
    return documents.length == 1
        ? "none\n"
        : String.join("", List.of(documents).subList(1, documents.length));
  }

  /** {@code bridge IPv4}. */
  @Override
  public String toString() {
    return datapath.name() + " IP" + family.name().toLowerCase(Locale.ROOT);
  }
}
