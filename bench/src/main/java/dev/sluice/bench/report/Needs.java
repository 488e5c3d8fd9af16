package dev.sluice.bench.report;

import dev.sluice.bench.report.Results.Capability;
import dev.sluice.bench.report.Results.Kept;
import dev.sluice.bench.report.Results.OnWire;
import dev.sluice.bench.report.Results.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a topology needs of a datapath, and by what it was seen that those measured have it: those
 * alone are ranked. Pure.
 */
record Needs(Results results) {

  /** One for each need. */
  List<String> sentences() {
    List<Capability> measured =
        results.capabilities().stream()
            .filter(c -> results.checks().stream().anyMatch(k -> k.datapath().equals(c.datapath())))
            .toList();
    if (measured.isEmpty()) {
      return List.of();
    }
    String all = String.join(", ", measured.stream().map(Capability::datapath).toList());
    List<String> needs = new ArrayList<>();
    results.subject().ifPresent(subject -> needs.addAll(of(subject, measured.get(0), all)));
    needs.add(
        "kernel: %s has what %s need%s"
            .formatted(results.environment().kernel(), all, measured.size() == 1 ? "s" : ""));
    return needs;
  }

  /** {@code one} of those measured: all were sent the same probes, and all kept all promises. */
  private static List<String> of(Subject subject, Capability one, String all) {
    List<String> needs = new ArrayList<>();
    if (subject.policies() > 0) {
      needs.add(
          "policy: in force on %s (policies: %d, rules: %d)%s"
              .formatted(all, subject.policies(), subject.rules(), stopped(one)));
    }
    int fromNode = probes(one, Kept::ofNodeAccess);
    if (fromNode > 0) {
      needs.add(
          "node access: from the node to endpoints %d probes each arrived on %s"
              .formatted(fromNode, all));
    }
    for (String uplink : subject.uplinks().orElse(List.of())) {
      needs.add("uplink %s: refused by none of %s, not probed".formatted(uplink, all));
    }
    for (OnWire wire : subject.wires().orElse(List.of())) {
      needs.add(
          "MAC limit: %s alike put %d MACs of endpoints on the wire of %s; a switch that lets fewer speak at its port cuts some off"
              .formatted(all, wire.macs(), wire.parent()));
    }
    return needs;
  }

  private static String stopped(Capability one) {
    int probes = probes(one, Kept::ofPolicy);
    return probes == 0
        ? ", which denies nothing that was probed"
        : ": where it denies, %d probes each were stopped".formatted(probes);
  }

  private static int probes(Capability capability, Predicate<Kept> wanted) {
    return capability.promises().stream().filter(wanted).mapToInt(Kept::probes).sum();
  }
}
