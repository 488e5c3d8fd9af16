package dev.sluice.cli.command;

import dev.sluice.cli.command.VerdictQuestion.Judged;
import dev.sluice.core.policy.Flow;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.policy.PolicyId;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.policy.Verdict;
import dev.sluice.core.policy.Verdict.Decision;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code verdict -o json} prints.
 *
 * @param source as it was asked for
 * @param port 0 for a protocol without ports
 * @param verdict allow, deny, or mixed: not the same between all addresses
 * @param verdicts one, or where addresses differ several
 */
record VerdictDocument(
    String topology,
    String source,
    String destination,
    String protocol,
    int port,
    String verdict,
    List<Between> verdicts) {

  static final String ALLOW = "allow";
  static final String DENY = "deny";
  static final String MIXED = "mixed";

  /** What holds between these addresses. */
  record Between(
      String verdict, List<AddressPair> addresses, DecisionLine egress, DecisionLine ingress) {}

  /** The addresses of a flow. */
  record AddressPair(String source, String destination) {}

  /**
   * One direction.
   *
   * @param why rule, default-deny, denied-source, not-isolated, not-an-endpoint, self or from-node
   * @param rules those that allow it; the first is the one that is counted
   * @param isolatedBy the policies that isolate the endpoint, where none allows it
   * @param deniedBy the block of denyFrom that the source is in, where it is in one
   */
  record DecisionLine(
      String decision,
      String why,
      List<String> rules,
      List<String> isolatedBy,
      List<String> deniedBy) {}

  /** Of what was judged, which is at least one flow. */
  static VerdictDocument of(
      String topology, String source, String destination, List<Judged> judged) {
    Map<Verdict, List<Flow>> byVerdict = new LinkedHashMap<>();
    judged.forEach(
        j -> byVerdict.computeIfAbsent(j.verdict(), v -> new ArrayList<>()).add(j.flow()));
    List<Between> verdicts = new ArrayList<>();
    byVerdict.forEach((verdict, flows) -> verdicts.add(between(verdict, flows)));
    Flow first = judged.get(0).flow();
    long allowed = verdicts.stream().filter(b -> b.verdict().equals(ALLOW)).count();
    return new VerdictDocument(
        topology,
        source,
        destination,
        Service.word(first.protocol()),
        first.port().orElse(0),
        allowed == 0 ? DENY : allowed == verdicts.size() ? ALLOW : MIXED,
        verdicts);
  }

  private static Between between(Verdict verdict, List<Flow> flows) {
    Flow flow = flows.get(0);
    return new Between(
        verdict.allows() ? ALLOW : DENY,
        flows.stream()
            .map(
                f ->
                    new AddressPair(
                        f.source().address().toString(), f.destination().address().toString()))
            .toList(),
        line(verdict.egress(), flow.source()),
        line(verdict.ingress(), flow.destination()));
  }

  private static DecisionLine line(Decision decision, Party whose) {
    String word = decision.allows() ? ALLOW : DENY;
    if (decision instanceof Decision.Allowed allowed) {
      return new DecisionLine(
          word,
          "rule",
          allowed.rules().stream().map(RuleId::toString).toList(),
          List.of(),
          List.of());
    }
    if (decision instanceof Decision.DefaultDeny deny) {
      return new DecisionLine(
          word,
          "default-deny",
          List.of(),
          deny.isolatedBy().stream().map(PolicyId::toString).toList(),
          List.of());
    }
    if (decision instanceof Decision.DeniedSource denied) {
      return new DecisionLine(
          word, "denied-source", List.of(), List.of(), List.of(denied.block().toString()));
    }
    String why = "not-isolated";
    if (decision instanceof Decision.Self) {
      why = "self";
    } else if (decision instanceof Decision.FromNode) {
      why = "from-node";
    } else if (whose.endpointName().isEmpty()) {
      why = "not-an-endpoint";
    }
    return new DecisionLine(word, why, List.of(), List.of(), List.of());
  }

  /** {@code tcp/80}, or {@code icmp}. */
  String service() {
    return port == 0 ? protocol : protocol + "/" + port;
  }
}
