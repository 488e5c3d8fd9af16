package dev.sluice.core.policy;

import static dev.sluice.core.policy.PolicyLab.GRE;
import static dev.sluice.core.policy.PolicyLab.ICMP;
import static dev.sluice.core.policy.PolicyLab.SCTP;
import static dev.sluice.core.policy.PolicyLab.TCP;
import static dev.sluice.core.policy.PolicyLab.UDP;
import static dev.sluice.core.policy.PolicyLab.endpoint;
import static dev.sluice.core.policy.PolicyLab.flow;
import static dev.sluice.core.policy.PolicyLab.node;
import static dev.sluice.core.policy.PolicyLab.outside;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.policy.Verdict.Decision;
import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.Topology;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Single rules, with what the foreign suite lacks. The table says the same: the lab asks both. */
class PolicyEvaluatorTest {

  @Test
  void withoutAPolicyEverythingPasses() {
    Verdict verdict =
        PolicyLab.with().verdict(flow(outside("192.0.2.1"), endpoint("a", "10.0.1.10"), TCP, 80));

    assertThat(verdict)
        .isEqualTo(new Verdict(new Decision.NotIsolated(), new Decision.NotIsolated()));
    assertThat(verdict.allows()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,   10.0.1.10, 192.0.2.0/24",
    "192.0.3.1,   10.0.1.10, 192.0.0.0/16",
    "192.1.0.0,   10.0.1.10, ",
    "2001:db8::1, fd00::a,   2001:db8::/32",
  })
  void aDeniedSourceIsNotHeardWhateverPolicyAllows(String source, String to, String block) {
    Topology topology = PolicyLab.topology("x: podSelector: {}, ingress: [{}]");
    Topology denying =
        new Topology(
            topology.name(),
            topology.datapath(),
            topology.namespaces(),
            topology.networks(),
            topology.endpoints(),
            Stream.of("192.0.0.0/16", "192.0.2.0/24", "2001:db8::/32").map(Cidr::parse).toList(),
            topology.established(),
            topology.policies());
    Flow flow = flow(outside(source), endpoint("a", to), TCP, 80);

    Decision ingress = PolicyEvaluator.verdict(denying, flow).ingress();
    if (block == null) {
      assertThat(ingress).isEqualTo(PolicyEvaluator.verdict(topology, flow).ingress());
    } else {
      assertThat(ingress).isEqualTo(new Decision.DeniedSource(Cidr.parse(block)));
    }
    Flow away = flow(endpoint("a", to), outside(source), TCP, 80);
    assertThat(PolicyEvaluator.verdict(denying, away).allows()).isTrue();
  }

  @Test
  void aPolicyThatSelectsNobodyIsolatesNobody() {
    PolicyLab lab =
        PolicyLab.with(
            "x: podSelector: {matchLabels: {app: z}}, policyTypes: [Ingress, Egress]",
            "default: podSelector: {}, policyTypes: [Ingress, Egress]");

    assertThat(Stream.of("a", "b", "c").map(to -> lab.passes("d", to, 80))).containsOnly(true);
    assertThat(Stream.of("a", "b", "c").map(from -> lab.passes(from, "d", 80))).containsOnly(true);
  }

  @Test
  void anEmptyRuleListDeniesAllAndAnEmptyRuleAllowsAll() {
    assertThat(PolicyLab.with("x: podSelector: {}").passes("d", "a", 80)).isFalse();
    assertThat(PolicyLab.with("x: podSelector: {}, ingress: []").passes("d", "a", 80)).isFalse();
    PolicyLab all = PolicyLab.with("x: podSelector: {}, ingress: [{}]");
    assertThat(all.passes("d", "a", 80)).isTrue();
    assertThat(all.passes("d", "a", ICMP, 0)).isTrue();
    assertThat(
            PolicyLab.with("x: podSelector: {}, ingress: [{from: [], ports: []}]")
                .passes("d", "a", GRE, 0))
        .isTrue();
  }

  @Test
  void theDirectionsAreIndependentAndBothMustAllow() {
    PolicyLab lab =
        PolicyLab.with(
            "x: podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to:"
                + " [{podSelector: {matchLabels: {app: b}}}]}]",
            "x: podSelector: {matchLabels: {app: b}}, ingress: [{ports: [{port: 80}]}]");

    assertThat(lab.passes("a", "b", 80)).isTrue();
    assertThat(lab.passes("a", "b", 81)).isFalse();
    assertThat(lab.passes("a", "c", 80)).isFalse();
    assertThat(lab.passes("b", "a", 81)).isTrue();
    assertThat(lab.passes("d", "b", 80)).isTrue();
  }

  @Test
  void rulesOfADirectionThatIsNotAmongTheTypesSayNothing() {
    PolicyLab lab =
        PolicyLab.with("x: podSelector: {}, policyTypes: [Ingress], egress: [], ingress: [{}]");

    assertThat(lab.passes("a", "d", 80)).isTrue();
    assertThat(
            PolicyLab.with("x: podSelector: {}, policyTypes: [Egress], ingress: [{}]")
                .passes("a", "d", 80))
        .isFalse();
  }

  @Test
  void policiesAreAUnionAndAllThatAllowOrIsolateAreTold() {
    PolicyLab lab =
        PolicyLab.with(
            "x: podSelector: {}",
            "x: podSelector: {matchLabels: {app: a}}, ingress: [{ports: [{port: 1}]}, {ports:"
                + " [{port: 80}]}]",
            "x: podSelector: {matchLabels: {app: a}}, ingress: [{}]",
            "x: podSelector: {matchLabels: {app: b}}, ingress: [{}]");

    assertThat(lab.verdict(flow(lab.endpoint("d"), lab.endpoint("a"), TCP, 80)).ingress())
        .isEqualTo(
            new Decision.Allowed(
                List.of(
                    new RuleId(new PolicyId("x", "p1"), Direction.INGRESS, 1),
                    new RuleId(new PolicyId("x", "p2"), Direction.INGRESS, 0))));
    assertThat(lab.verdict(flow(lab.endpoint("d"), lab.endpoint("c"), TCP, 80)).ingress())
        .isEqualTo(new Decision.DefaultDeny(List.of(new PolicyId("x", "p0"))));
  }

  @Test
  void theFirstRulesAreThoseOfTheFirstPolicyByNameWhereverItStands() {
    Topology topology =
        PolicyLab.topology(
            "y: podSelector: {}, ingress: [{}]", "y: podSelector: {}, ingress: [{}]");
    List<NetworkPolicy> swapped = List.of(topology.policies().get(1), topology.policies().get(0));
    Topology other =
        new Topology(
            topology.name(),
            topology.datapath(),
            topology.namespaces(),
            topology.networks(),
            topology.endpoints(),
            topology.denyFrom(),
            topology.established(),
            swapped);
    Flow flow = flow(outside("192.0.2.1"), endpoint("d", "10.0.2.13"), TCP, 80);

    assertThat(PolicyEvaluator.verdict(other, flow))
        .isEqualTo(PolicyEvaluator.verdict(topology, flow))
        .isEqualTo(PolicyResolver.resolve(other).verdict(flow));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{key: app, operator: In, values: [a, b]} | ab",
        "{key: app, operator: NotIn, values: [a, b]} | cd",
        "{key: app, operator: NotIn, values: [z]} | abcd",
        "{key: app, operator: Exists} | abc",
        "{key: app, operator: DoesNotExist} | d",
        "{key: gone, operator: NotIn, values: [a]} | abcd",
        "{key: gone, operator: In, values: [a]} | ``",
        "{key: app, operator: NotIn, values: [a]}, {key: app, operator: Exists} | bc",
      })
  void selectorsMeanWhatKubernetesSaysWithTheKeyAbsentToo(String requirements, String selected) {
    PolicyLab peers =
        PolicyLab.with(
            "x: podSelector: {matchLabels: {app: a}}, ingress: [{from: [{namespaceSelector: {},"
                + " podSelector: {matchExpressions: [%s]}}]}]".formatted(requirements));
    for (String from : List.of("b", "c", "d")) {
      assertThat(peers.passes(from, "a", 80)).as(from).isEqualTo(selected.contains(from));
    }
    PolicyLab isolated =
        PolicyLab.with(
            "x: podSelector: {matchExpressions: [%s]}".formatted(requirements),
            "y: podSelector: {matchExpressions: [%s]}".formatted(requirements));
    for (String to : List.of("a", "b", "c")) {
      assertThat(isolated.passes("d", to, 80)).as(to).isEqualTo(!selected.contains(to));
    }
    assertThat(isolated.passes("a", "d", 80)).isEqualTo(!selected.contains("d"));
  }

  @Test
  void aPeerIsNamespaceAndPodAndOfThePolicysOwnNamespaceWhereItNamesNone() {
    PolicyLab own = PolicyLab.with("x: podSelector: {}, ingress: [{from: [{podSelector: {}}]}]");
    assertThat(own.passes("b", "a", 80)).isTrue();
    assertThat(own.passes("d", "a", 80)).isFalse();

    PolicyLab other =
        PolicyLab.with(
            "y: podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: x}},"
                + " podSelector: {matchLabels: {app: b}}}]}]");
    assertThat(other.passes("b", "d", 80)).isTrue();
    assertThat(other.passes("a", "d", 80)).isFalse();

    PolicyLab whole =
        PolicyLab.with(
            "y: podSelector: {}, ingress: [{from: [{namespaceSelector: {matchExpressions: [{key:"
                + " team, operator: DoesNotExist}]}}]}]");
    assertThat(whole.passes("a", "d", 80)).isFalse();
  }

  @Test
  void anEndPortIsTheLastOfItsRangeAndOfItsProtocol() {
    PolicyLab lab =
        PolicyLab.with(
            "x: podSelector: {}, ingress: [{ports: [{port: 80, endPort: 82}, {port: 65535, endPort:"
                + " 65535}, {protocol: UDP, port: 1, endPort: 65535}]}]");

    assertThat(Stream.of(79, 80, 81, 82, 83, 65534, 65535).map(port -> lab.passes("d", "a", port)))
        .containsExactly(false, true, true, true, false, false, true);
    assertThat(lab.passes("d", "a", UDP, 65535)).isTrue();
    assertThat(lab.passes("d", "a", SCTP, 81)).isFalse();
  }

  @Test
  void aRuleWithPortsAllowsNothingThatHasNone() {
    PolicyLab every =
        PolicyLab.with(
            "x: podSelector: {}, ingress: [{ports: [{protocol: TCP}, {protocol: UDP}, {protocol:"
                + " SCTP}]}]");
    assertThat(every.passes("d", "a", TCP, 65535)).isTrue();
    assertThat(every.passes("d", "a", SCTP, 1)).isTrue();
    assertThat(every.passes("d", "a", ICMP, 0)).isFalse();
    assertThat(every.passes("d", "a", GRE, 0)).isFalse();

    PolicyLab tcp = PolicyLab.with("x: podSelector: {}, ingress: [{ports: [{}]}]");
    assertThat(tcp.passes("d", "a", TCP, 7)).isTrue();
    assertThat(tcp.passes("d", "a", UDP, 7)).isFalse();
    assertThat(tcp.passes("d", "a", SCTP, 7)).isFalse();
  }

  @Test
  void aNamedPortInEgressIsThatOfEachPeer() {
    PolicyLab lab =
        PolicyLab.with(
            "x: podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [{to:"
                + " [{namespaceSelector: {}}], ports: [{port: http}, {protocol: UDP, port: dns},"
                + " {port: 443}]}]");

    assertThat(lab.passes("a", "b", 8080)).isTrue();
    assertThat(lab.passes("a", "b", 80)).isFalse();
    assertThat(lab.passes("a", "d", 80)).isTrue();
    assertThat(lab.passes("a", "d", 8080)).isFalse();
    assertThat(lab.passes("a", "b", UDP, 53)).isTrue();
    assertThat(lab.passes("a", "d", UDP, 53)).isFalse();
    // c gives the name to a port of UDP.
    assertThat(lab.passes("a", "c", 80)).isFalse();
    assertThat(lab.passes("a", "c", UDP, 80)).isFalse();
    assertThat(Stream.of("b", "c", "d").map(to -> lab.passes("a", to, 443))).containsOnly(true);
    assertThat(lab.verdict(flow(lab.endpoint("a"), outside("192.0.2.1"), TCP, 443)).allows())
        .isFalse();
  }

  @Test
  void aNamedPortInIngressIsThatOfTheEndpointItself() {
    PolicyLab lab = PolicyLab.with("x: podSelector: {}, ingress: [{ports: [{port: http}]}]");

    assertThat(lab.passes("d", "a", 80)).isTrue();
    assertThat(lab.passes("d", "b", 8080)).isTrue();
    assertThat(lab.passes("d", "b", 80)).isFalse();
    // Nobody's name is no rule without ports.
    assertThat(lab.passes("d", "c", 80)).isFalse();
    assertThat(lab.passes("d", "c", ICMP, 0)).isFalse();
    assertThat(lab.verdict(flow(outside("192.0.2.1"), lab.endpoint("b"), TCP, 8080)).allows())
        .isTrue();
  }

  @Test
  void anExceptionTakesOutOfItsRuleAlone() {
    PolicyLab lab =
        PolicyLab.with(
            "x: podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24, except:"
                + " [192.0.2.128/25]}}]}, {from: [{ipBlock: {cidr: 192.0.2.200/32}}], ports:"
                + " [{port: 80}]}]");

    assertThat(from(lab, "192.0.2.127", 22)).isTrue();
    assertThat(from(lab, "192.0.2.128", 22)).isFalse();
    assertThat(from(lab, "192.0.2.200", 80)).isTrue();
    assertThat(from(lab, "192.0.2.200", 22)).isFalse();
    assertThat(from(lab, "192.0.3.1", 22)).isFalse();
    assertThat(from(lab, "2001:db8::1", 22)).isFalse();
  }

  @Test
  void aBlockMeansAddressesAndASelectorAllAddressesOfAnEndpoint() {
    PolicyLab block =
        PolicyLab.with(
            "x: podSelector: {matchLabels: {app: b}}, ingress: [{from: [{ipBlock: {cidr:"
                + " 10.0.1.10/32}}]}]");
    assertThat(fromA(block, "10.0.1.10", "10.0.1.11")).isTrue();
    assertThat(fromA(block, "10.0.2.10", "10.0.1.11")).isFalse();
    assertThat(fromA(block, "fd00:0:0:1::a", "fd00:0:0:1::b")).isFalse();

    PolicyLab selector =
        PolicyLab.with(
            "x: podSelector: {matchLabels: {app: b}}, ingress: [{from: [{podSelector: {matchLabels:"
                + " {app: a}}}]}]");
    for (String address : List.of("10.0.1.10", "10.0.2.10")) {
      assertThat(fromA(selector, address, "10.0.1.11")).isTrue();
    }
    assertThat(fromA(selector, "fd00:0:0:1::a", "fd00:0:0:1::b")).isTrue();
    assertThat(fromA(selector, "fe80::1", "fe80::2")).isTrue();
    assertThat(
            selector.verdict(flow(outside("10.0.3.1"), selector.endpoint("b"), TCP, 80)).allows())
        .isFalse();
  }

  @Test
  void aMultiHomedEndpointIsIsolatedAtEachOfItsAddresses() {
    PolicyLab lab = PolicyLab.with("x: podSelector: {matchLabels: {app: a}}");

    for (String address : List.of("10.0.1.10", "10.0.2.10")) {
      assertThat(lab.verdict(flow(lab.endpoint("d"), endpoint("a", address), TCP, 80)).allows())
          .isFalse();
    }
  }

  @Test
  void anEndpointReachesItselfWhateverThePolicy() {
    PolicyLab lab = PolicyLab.with("x: podSelector: {}, policyTypes: [Ingress, Egress]");

    assertThat(lab.verdict(flow(endpoint("a", "10.0.1.10"), endpoint("a", "10.0.2.10"), TCP, 80)))
        .isEqualTo(new Verdict(new Decision.Self(), new Decision.Self()));
  }

  @Test
  void theNodeReachesItsEndpointsAndTheyItByPolicyOnly() {
    PolicyLab lab =
        PolicyLab.with(
            "x: podSelector: {}, policyTypes: [Ingress, Egress], egress: [{to: [{ipBlock: {cidr:"
                + " 10.0.1.0/29}}], ports: [{port: 53}]}]");

    assertThat(lab.verdict(flow(node(), lab.endpoint("a"), TCP, 80)))
        .isEqualTo(new Verdict(new Decision.NotIsolated(), new Decision.FromNode()));
    assertThat(lab.verdict(flow(lab.endpoint("a"), node(), TCP, 53)).allows()).isTrue();
    assertThat(lab.verdict(flow(lab.endpoint("a"), node(), TCP, 80)).egress())
        .isEqualTo(new Decision.DefaultDeny(List.of(new PolicyId("x", "p0"))));
    // What is forwarded is not the node, though it may come from such an address.
    assertThat(lab.verdict(flow(outside("10.0.1.1"), lab.endpoint("a"), TCP, 80)).allows())
        .isFalse();
  }

  @Test
  void aPublishedPortIsJudgedByTheClientsAddressAndTheEndpointsPort() {
    PolicyLab lab =
        PolicyLab.with(
            "x: podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}], ports:"
                + " [{port: 80}]}]");

    assertThat(from(lab, "198.51.100.7", 80)).isTrue();
    assertThat(from(lab, "203.0.113.7", 80)).isFalse();
  }

  @Test
  void anUnknownEndpointIsAnError() {
    assertThatThrownBy(
            () ->
                PolicyEvaluator.verdict(
                    PolicyLab.topology(),
                    flow(endpoint("z", "10.0.1.9"), endpoint("a", "10.0.1.10"), TCP, 80)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no endpoint z");
  }

  private static boolean from(PolicyLab lab, String address, int port) {
    boolean v4 = address.indexOf(':') < 0;
    return lab.verdict(
            flow(outside(address), endpoint("a", v4 ? "10.0.1.10" : "fd00:0:0:1::a"), TCP, port))
        .allows();
  }

  private static boolean fromA(PolicyLab lab, String address, String to) {
    return lab.verdict(flow(endpoint("a", address), endpoint("b", to), TCP, 80)).allows();
  }
}
