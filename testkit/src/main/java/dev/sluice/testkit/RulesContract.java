package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.core.policy.PolicyId;
import dev.sluice.core.policy.RuleId;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules 1 to 8, as packets, in what the foreign suite does not try; and the counts of rule 17. */
abstract class RulesContract extends CountedContract {

  private PolicyMatrix matrix(Node node, String... policies) {
    String yaml = PolicyBed.topology(policies);
    apply(node, yaml);
    return PolicyMatrix.of(yaml);
  }

  private static String inOther(String policy) {
    return policy.replace("metadata: {", "metadata: {namespace: other, ");
  }

  /** Rule 2. */
  @Test
  void policiesThatSelectNobodyChangeNothing(Node node) {
    matrix(
            node,
            PolicyBed.denyAll("nobody"),
            inOther(PolicyBed.denyAll("a")),
            "metadata: {name: none}\nspec: {podSelector: {matchExpressions: [{key: app, operator:"
                + " DoesNotExist}]}, policyTypes: [Ingress, Egress], ingress: [{ports: [{port:"
                + " 80}]}]}")
        .passes("a b TCP/80", "a b UDP/80", "b a TCP/79", "c d SCTP/80", "d a ICMP/0")
        .send(node);
  }

  /** Rule 1: each direction by itself, and both have to allow. */
  @Test
  void theTwoDirectionsAreIndependent(Node node) {
    matrix(
            node,
            PolicyBed.policy("in", "b", "ingress: [{ports: [{port: 80}]}]"),
            PolicyBed.policy(
                "out", "a", "policyTypes: [Egress], egress: [{ports: [{port: 80}, {port: 81}]}]"))
        .passes("a b TCP/80", "c b TCP/80", "b a TCP/82", "c a UDP/80", "a c TCP/81")
        .denies("a b TCP/81", "c b TCP/81", "a c TCP/82", "a c UDP/80", "a b ICMP/0")
        .send(node);
  }

  /** Rule 5: another number at each peer; who has no such name has no port. */
  @Test
  void aNamedPortIsTheOneOfTheDestination(Node node) {
    matrix(
            node,
            "metadata: {name: http}\nspec: {podSelector: {}, ingress: [{ports: [{port: http}]}]}",
            inOther(
                PolicyBed.policy(
                    "out",
                    "d",
                    "policyTypes: [Egress], egress: [{to: [{namespaceSelector: {}}], ports: [{port:"
                        + " http}, {port: query, protocol: UDP}]}]")),
            PolicyBed.policy(
                "query", "b", "ingress: [{ports: [{port: query, protocol: UDP}, {port: query}]}]"))
        .passes("b a TCP/80", "a b TCP/8080", "b c TCP/8000", "d c TCP/8000", "d b TCP/8080")
        .passes("d b UDP/5353", "a d TCP/8080", "b d UDP/53")
        .denies("a b TCP/80", "b a TCP/8080", "a c TCP/80", "d c TCP/8080", "d a UDP/53")
        .denies("a b TCP/5353", "a c UDP/8000", "d c UDP/8000", "a b UDP/53")
        .send(node);
  }

  /** Rule 3: both ends are in, what is beside them is not; each protocol by itself. */
  @Test
  void aRangeOfPortsHasTwoEnds(Node node) {
    matrix(
            node,
            PolicyBed.policy(
                "ranges",
                "b",
                "ingress: [{ports: [{port: 1000, endPort: 2000}, {port: 3000, endPort: 3000,"
                    + " protocol: UDP}, {port: 65000, endPort: 65535, protocol: SCTP}]}]"))
        .passes("a b TCP/1000", "a b TCP/2000", "c b UDP/3000", "a b SCTP/65000", "c b SCTP/65535")
        .denies("a b TCP/999", "a b TCP/2001", "a b UDP/2999", "a b UDP/3001", "a b SCTP/64999")
        .denies("a b UDP/1000", "a b SCTP/1000", "a b TCP/3000", "a b TCP/65535")
        .send(node);
  }

  /** Rule 4: out of its own rule alone. */
  @Test
  void anExceptionIsOneOfItsRule(Node node) {
    String most =
        "{from: [{ipBlock: {cidr: 10.0.0.0/16, except: [10.0.1.0/31, 10.0.1.2/32, 10.0.2.0/24]}},"
            + " {ipBlock: {cidr: \"fd00::/48\", except: [\"fd00:0:0:1::2/128\","
            + " \"fd00:0:0:2::/64\"]}}], ports: [{port: 80}]}";
    String few =
        "{from: [{ipBlock: {cidr: 10.0.1.2/32}}, {ipBlock: {cidr: \"fd00:0:0:1::2/128\"}}], ports:"
            + " [{port: 81}]}";
    matrix(node, PolicyBed.policy("blocks", "b", "ingress: [%s, %s]".formatted(most, few)))
        .passes("a b TCP/81")
        .denies("a b TCP/80", "c b TCP/80", "c b TCP/81", "a b UDP/80", "a b ICMP/0")
        .send(node);
  }

  /** Whatever the order: nested, overlapping, touching; addresses and ports at once. */
  @Test
  void overlappingBlocksAndRangesAreAUnion(Node node) {
    List<String> rules = new ArrayList<>();
    rules.add(rule("10.0.0.0/8", "fd00::/16", 1000, 2000));
    rules.add(rule("10.0.1.0/24", "fd00:0:0:1::/64", 1500, 3000));
    rules.add(rule("10.0.1.2/32", "fd00:0:0:1::2/128", 900, 4000));
    rules.add(rule("10.0.1.2/31", "fd00:0:0:1::2/127", 1600, 1700));
    rules.add(rule("10.0.2.0/24", "fd00:0:0:2::/64", 2001, 2500));
    rules.add(rule("10.0.0.0/16", "fd00::/48", 3000, 3000));
    rules.add(rule("0.0.0.0/0", "::/0", 5000, 5001));
    String b = "spec: {podSelector: {matchLabels: {app: b}}, ingress: [%s]}";
    for (int turn = 0; turn < 3; turn++) {
      matrix(node, "metadata: {name: union}\n" + b.formatted(String.join(", ", rules)))
          .passes("a b TCP/900", "a b TCP/4000", "c b TCP/1000", "c b TCP/2500", "c b TCP/3000")
          .passes("a b TCP/2001", "c b TCP/2001", "c b TCP/5001", "c b TCP/1700")
          .denies("a b TCP/899", "a b TCP/4001", "c b TCP/999", "c b TCP/2501", "c b TCP/2999")
          .denies("c b TCP/3001", "c b TCP/4999", "a b TCP/5002", "a b UDP/1500")
          .send(node);
      Collections.reverse(rules);
      Collections.swap(rules, 1, 4);
    }
  }

  private static String rule(String v4, String v6, int from, int to) {
    return "{from: [{ipBlock: {cidr: %s}}, {ipBlock: {cidr: \"%s\"}}], ports: [{port: %d, endPort: %d}]}"
        .formatted(v4, v6, from, to);
  }

  /** Rule 6: c has no tier at all. */
  @Test
  void anAbsentKeyIsNotInWhatever(Node node) {
    matrix(
            node,
            PolicyBed.policy(
                "not-in",
                "b",
                "ingress: [{from: [{podSelector: {matchExpressions: [{key: tier, operator: NotIn,"
                    + " values: [front]}]}}], ports: [{port: 80}]}]"),
            PolicyBed.policy(
                "absent",
                "a",
                "ingress: [{from: [{namespaceSelector: {matchExpressions: [{key: zone, operator:"
                    + " NotIn, values: [x]}]}, podSelector: {matchExpressions: [{key: tier,"
                    + " operator: DoesNotExist}]}}], ports: [{port: 81}]}]"))
        .passes("c b TCP/80", "c a TCP/81")
        .denies("a b TCP/80", "d b TCP/80", "b a TCP/81", "d a TCP/81", "c b TCP/81")
        .send(node);
  }

  /** Rule 6: by namespace and labels at once; multi-homed by all addresses. */
  @Test
  void aMultiHomedEndpointIsIsolatedAndMeantByAllItsAddresses(Node node) {
    matrix(
            node,
            inOther(
                PolicyBed.policy(
                    "d",
                    "d",
                    "ingress: [{from: [{namespaceSelector: {matchLabels: {team: one}}, podSelector:"
                        + " {matchLabels: {app: a}}}]}], egress: [{to: [{namespaceSelector: {}}],"
                        + " ports: [{port: 80}]}]")),
            PolicyBed.policy(
                "c",
                "c",
                "ingress: [{from: [{namespaceSelector: {matchLabels: {team: two}}}], ports: [{port:"
                    + " 80}, {port: 81}]}]"))
        .passes("a d TCP/80", "a d UDP/9", "a d ICMP/0", "d c TCP/80", "d b TCP/80", "d d TCP/9")
        .denies("b d TCP/80", "c d ICMP/0", "d c TCP/81", "d b TCP/81", "d b ICMP/0", "a c TCP/80")
        .send(node);
  }

  /** Rule 8: itself and the node's questions; nothing else, and nothing to the node. */
  @Test
  void defaultDenyLeavesTheEndpointItselfAndTheNode(Node node) {
    String[] policies = {
      PolicyBed.denyAll("a"),
      PolicyBed.denyAll("b"),
      PolicyBed.denyAll("c"),
      inOther(PolicyBed.denyAll("d"))
    };
    matrix(node, policies)
        .passes("a a TCP/9", "d d UDP/9", "c c ICMP/0")
        .passes("node a TCP/9", "node b UDP/9", "node d ICMP/0", "node c TCP/9")
        .denies("a b TCP/9", "a c UDP/9", "b a ICMP/0", "a node TCP/9", "d node ICMP/0")
        .send(node);
    Conversation conversation = new Conversation(node);
    for (boolean v6 : new boolean[] {false, true}) {
      conversation.tcp(
          PolicyBed.netns("node"), PolicyBed.netns("a"), PolicyBed.address("a", v6), 1 << 16);
    }
  }

  /** Rule 8: the gateway is an address like any other. */
  @Test
  void whatGoesToTheNodeIsSubjectToEgress(Node node) {
    matrix(
            node,
            PolicyBed.policy(
                "out",
                "a",
                "policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 10.0.1.1/32}}, {ipBlock:"
                    + " {cidr: \"fd00:0:0:1::1/128\"}}], ports: [{port: 53, protocol: UDP}, {port:"
                    + " 80}]}]"),
            PolicyBed.policy("all", "b", "policyTypes: [Egress], egress: [{}]"),
            PolicyBed.policy("in", "c", "policyTypes: [Ingress]"))
        .passes("a node UDP/53", "a node TCP/80", "b node TCP/81", "b node ICMP/0", "c node TCP/80")
        .denies("a node TCP/81", "a node UDP/54", "a node ICMP/0", "a b TCP/80", "a b UDP/53")
        .send(node);
  }

  @Test
  void twoTopologiesOfOneNodeHaveTheirOwnPolicies(Node node) {
    String one =
        PolicyBed.topology(PolicyBed.policy("in", "b", "ingress: [{ports: [{port: 80}]}]"));
    String other =
        PolicyBed.topology(PolicyBed.policy("in", "a", "ingress: [{ports: [{port: 81}]}]"))
            .replace("name: policed", "name: second")
            .replaceAll("netns: (.)", "netns: second-$1")
            .replace("10.0.", "10.9.")
            .replace("fd00:0:0:", "fd00:0:9:");
    apply(node, one);
    apply(node, other);
    PolicyMatrix.of(one)
        .passes("a b TCP/80", "b a TCP/81", "b a TCP/79")
        .denies("a b TCP/81", "a b ICMP/0")
        .send(node);
    PolicyMatrix.of(other)
        .passes("b a TCP/81", "a b TCP/82", "a b ICMP/0")
        .denies("b a TCP/80", "b a TCP/82")
        .send(node);
    topologies(node).destroy(PolicyBed.NAME);
    PolicyMatrix.of(other).denies("b a TCP/80").send(node);
  }

  /** Rule 17: a denial for the policies that isolate, a connection for the rule that allowed it. */
  @Test
  void whatIsAllowedAndDeniedIsCountedForItsPolicies(Node node) {
    String web =
        PolicyBed.policy("web", "b", "ingress: [{ports: [{port: 80}]}, {ports: [{port: 81}]}]");
    String also = PolicyBed.policy("also", "b", "ingress: [{ports: [{port: 81}, {port: 82}]}]");
    String out =
        PolicyBed.policy("out", "c", "policyTypes: [Egress], egress: [{ports: [{port: 82}]}]");
    try (PolicyBed bed = policed(node, web, also, out)) {
      Counts before = counts(node, PolicyBed.NAME);
      for (boolean v6 : new boolean[] {false, true}) {
        bed.passes("web", "a", "b", v6, bed.syn(80));
        bed.passes("both", "a", "b", v6, bed.syn(81));
        bed.passes("also", "c", "b", v6, bed.syn(82));
        bed.denies("ingress", "a", "b", v6, bed.syn(83));
        bed.denies("ingress, again", "d", "b", v6, bed.datagram(80));
        bed.denies("egress", "c", "a", v6, bed.syn(80));
      }
      bed.run();
      Counts after = counts(node, PolicyBed.NAME);
      List<String> both = List.of("default/web", "default/also");
      assertThat(after.denied(Direction.INGRESS, both) - before.denied(Direction.INGRESS, both))
          .isEqualTo(4);
      List<String> one = List.of("default/out");
      assertThat(after.denied(Direction.EGRESS, one) - before.denied(Direction.EGRESS, one))
          .isEqualTo(2);
      assertThat(allowed(after, before, "web", Direction.INGRESS, 0)).isEqualTo(2);
      // The first rule that allows it is the one that counts.
      assertThat(allowed(after, before, "web", Direction.INGRESS, 1)).isZero();
      assertThat(allowed(after, before, "also", Direction.INGRESS, 0)).isEqualTo(4);
      assertThat(allowed(after, before, "out", Direction.EGRESS, 0)).isEqualTo(2);
    }
  }

  private static long allowed(
      Counts after, Counts before, String policy, Direction direction, int index) {
    RuleId rule = new RuleId(new PolicyId("default", policy), direction, index);
    return after.allowed(rule) - before.allowed(rule);
  }
}
