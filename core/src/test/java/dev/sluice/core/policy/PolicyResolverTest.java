package dev.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.policy.Side.Entry;
import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.NetworkPolicy.LabelSelector;
import dev.sluice.core.topology.NetworkPolicy.Peer;
import dev.sluice.core.topology.NetworkPolicy.PortMatch;
import dev.sluice.core.topology.NetworkPolicy.Rule;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Port;
import dev.sluice.core.topology.Topology.Protocol;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What the table looks like, and what a change leaves as it was. */
class PolicyResolverTest {

  private static final String SELECTS_A = "x: podSelector: {matchLabels: {app: a}}, ";

  @Test
  void withoutPoliciesNobodyIsIsolated() {
    assertThat(PolicyResolver.resolve(PolicyLab.topology())).isEqualTo(PolicyTable.open());
    assertThat(PolicyTable.open().side("a", Direction.INGRESS)).isSameAs(Side.OPEN);
  }

  @Test
  void portsAreSortedDisjointAndOfEveryProtocolWhereNoneIsDeclared() {
    Side side =
        ingress(
            "a",
            SELECTS_A
                + "ingress: [{ports: [{protocol: UDP, port: 1}, {port: 81, endPort: 90}, {port: 80},"
                + " {port: 85}, {port: http}, {port: 92}]}, {}]");

    assertThat(side.entries())
        .containsExactly(
            new Entry(
                rule(0),
                new Peers.Any(),
                List.of(
                    new PortRange(Protocol.TCP, 80, 90),
                    new PortRange(Protocol.TCP, 92, 92),
                    new PortRange(Protocol.UDP, 1, 1))),
            new Entry(rule(1), new Peers.Any(), List.of()));
    assertThat(side.isolatedBy()).containsExactly(new PolicyId("x", "p0"));
  }

  @Test
  void theSelectorsOfARuleAreOneEntryAndEachBlockAnother() {
    assertThat(
            ingress(
                    "a",
                    SELECTS_A
                        + "ingress: [{from: [{podSelector: {matchLabels: {app: c}}}, {ipBlock:"
                        + " {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}, {podSelector: {matchLabels:"
                        + " {app: b}}}]}]")
                .entries())
        .containsExactly(
            new Entry(rule(0), endpoints("b", "c"), List.of()),
            new Entry(
                rule(0),
                new Peers.Block(Cidr.parse("10.0.0.0/8"), List.of(Cidr.parse("10.1.0.0/16"))),
                List.of()));
  }

  @Test
  void whatMeansNobodyOrNoPortHasNoEntry() {
    assertThat(
            ingress(
                    "c",
                    "x: podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: z}}}]},"
                        + " {ports: [{port: http}]}]")
                .entries())
        .isEmpty();
  }

  @Test
  void aNamedPortInEgressGroupsPeersByItsNumber() {
    Side side =
        PolicyResolver.resolve(
                PolicyLab.topology(
                    "x: podSelector: {matchLabels: {app: c}}, policyTypes: [Egress], egress: [{to:"
                        + " [{namespaceSelector: {}}], ports: [{port: http}]}, {to:"
                        + " [{namespaceSelector: {}}], ports: [{port: http}, {port: 1}]}]"))
            .side("c", Direction.EGRESS);

    RuleId first = new RuleId(new PolicyId("x", "p0"), Direction.EGRESS, 0);
    RuleId second = new RuleId(new PolicyId("x", "p0"), Direction.EGRESS, 1);
    assertThat(side.entries())
        .containsExactly(
            new Entry(first, endpoints("a", "d"), tcp(80)),
            new Entry(first, endpoints("b"), tcp(8080)),
            new Entry(second, endpoints("a", "d"), tcp(1, 80)),
            new Entry(second, endpoints("b"), tcp(1, 8080)),
            new Entry(second, endpoints("c"), tcp(1)));
  }

  @Test
  void aNamedPortWithoutAnEndpointToLookItUpAtIsRefused() {
    Peer block = new Peer.Block(Cidr.any(true), List.of());
    for (List<Peer> peers : List.of(List.of(block), List.<Peer>of())) {
      NetworkPolicy policy =
          new NetworkPolicy(
              "x",
              "p",
              new LabelSelector(List.of()),
              Set.of(Direction.EGRESS),
              List.of(),
              List.of(new Rule(peers, List.of(new PortMatch.Named(Protocol.TCP, "http")))));
      Topology topology = with(PolicyLab.topology(), List.of(policy));
      assertThatThrownBy(() -> PolicyResolver.resolve(topology))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("x/p egress[0]: a named port is looked up at endpoints");
    }
  }

  @Test
  void endpointsToWhichTheSameIsAllowedShareASideAndSetsOfPeersAreShared() {
    PolicyTable table =
        PolicyResolver.resolve(
            PolicyLab.topology(
                "x: podSelector: {}, ingress: [{from: [{podSelector: {}}], ports: [{port: http}]}]",
                "y: podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team:"
                    + " x}}}]}]"));

    Side a = table.side("a", Direction.INGRESS);
    assertThat(table.side("b", Direction.INGRESS)).isNotEqualTo(a);
    assertThat(a.entries().get(0).peers())
        .isSameAs(table.side("b", Direction.INGRESS).entries().get(0).peers())
        .isSameAs(table.side("d", Direction.INGRESS).entries().get(0).peers());
    PolicyTable portless =
        PolicyResolver.resolve(PolicyLab.topology("x: podSelector: {}, ingress: [{}]"));
    assertThat(portless.side("a", Direction.INGRESS))
        .isSameAs(portless.side("b", Direction.INGRESS))
        .isSameAs(portless.side("c", Direction.INGRESS));
  }

  @Test
  void theFirstTopologyChangesTheSidesThatItIsolatesAndTheSameAgainNone() {
    PolicyResolver resolver = new PolicyResolver();
    String policy = "x: podSelector: {matchLabels: {app: a}}, policyTypes: [Ingress, Egress]";
    Resolution first = resolver.next(PolicyLab.topology(policy));

    assertThat(first.changed())
        .containsExactly(new SideId("a", Direction.INGRESS), new SideId("a", Direction.EGRESS));
    Resolution again = resolver.next(PolicyLab.topology(policy));
    assertThat(again.changed()).isEmpty();
    assertThat(again.table()).isSameAs(first.table());
  }

  @Test
  void aLabelChangesTheSidesThatItIsSelectedForAndNoOthers() {
    String[] policies = {
      "x: podSelector: {matchLabels: {app: a}}",
      "x: podSelector: {matchLabels: {app: b}}, ingress: [{from: [{podSelector: {matchLabels: {app:"
          + " c}}}]}]",
      "x: podSelector: {matchLabels: {app: c}}, ingress: [{from: [{podSelector: {matchLabels: {app:"
          + " a}}}]}]",
    };
    PolicyResolver resolver = new PolicyResolver();
    PolicyTable before = resolver.next(PolicyLab.topology(policies)).table();
    Topology relabelled =
        change(PolicyLab.topology(policies), "a", e -> labelled(e, Map.of("app", "b")));
    Resolution after = resolver.next(relabelled);

    assertThat(after.changed())
        .containsExactly(new SideId("a", Direction.INGRESS), new SideId("c", Direction.INGRESS));
    assertThat(after.table().side("b", Direction.INGRESS))
        .isSameAs(before.side("b", Direction.INGRESS))
        .isSameAs(after.table().side("a", Direction.INGRESS));
  }

  @Test
  void aPolicyThatSaysTheSameInOtherWordsChangesNothing() {
    PolicyResolver resolver = new PolicyResolver();
    resolver.next(PolicyLab.topology(SELECTS_A + "ingress: [{ports: [{port: 80}, {port: 81}]}]"));

    assertThat(
            resolver
                .next(
                    PolicyLab.topology(SELECTS_A + "ingress: [{ports: [{port: 80, endPort: 81}]}]"))
                .changed())
        .isEmpty();
    assertThat(resolver.next(PolicyLab.topology()).changed())
        .containsExactly(new SideId("a", Direction.INGRESS));
  }

  @Test
  void aPortsNumberChangesTheSidesOfThoseThatReachItByItsName() {
    String[] policies = {
      "x: podSelector: {matchLabels: {app: a}}, ingress: [{ports: [{port: http}]}]",
      "x: podSelector: {matchLabels: {app: b}}, ingress: [{ports: [{port: http}]}]",
      "x: podSelector: {matchLabels: {app: c}}, policyTypes: [Egress], egress: [{to: [{podSelector:"
          + " {}}], ports: [{port: http}]}]",
    };
    PolicyResolver resolver = new PolicyResolver();
    resolver.next(PolicyLab.topology(policies));
    Port port = new Port(Optional.of("http"), 81, Protocol.TCP, Optional.empty());
    Topology renumbered =
        change(
            PolicyLab.topology(policies),
            "a",
            e ->
                new Endpoint(
                    e.name(), e.netns(), e.namespace(), e.labels(), e.interfaces(), List.of(port)));

    assertThat(resolver.next(renumbered).changed())
        .containsExactly(new SideId("a", Direction.INGRESS), new SideId("c", Direction.EGRESS));
  }

  @Test
  void anEndpointThatGoesLeavesItsSideAndTheSidesThatNamedIt() {
    String[] policies = {
      "x: podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]"
    };
    PolicyResolver resolver = new PolicyResolver();
    resolver.next(PolicyLab.topology(policies));
    Topology whole = PolicyLab.topology(policies);
    Topology without = with(whole, whole.endpoints().subList(1, 4), whole.policies());

    Resolution gone = resolver.next(without);
    assertThat(gone.changed()).extracting(SideId::endpoint).containsExactly("a", "b", "c");
    assertThat(gone.table().isolated(Direction.INGRESS)).containsOnlyKeys("b", "c");
    assertThat(resolver.next(whole).changed())
        .extracting(SideId::endpoint)
        .containsExactly("a", "b", "c");
  }

  private static Side ingress(String endpoint, String... policies) {
    return PolicyResolver.resolve(PolicyLab.topology(policies)).side(endpoint, Direction.INGRESS);
  }

  private static RuleId rule(int index) {
    return new RuleId(new PolicyId("x", "p0"), Direction.INGRESS, index);
  }

  private static Peers endpoints(String... names) {
    return new Peers.Endpoints(new TreeSet<>(List.of(names)));
  }

  private static List<PortRange> tcp(int... ports) {
    return Arrays.stream(ports).mapToObj(port -> new PortRange(Protocol.TCP, port, port)).toList();
  }

  private static Endpoint labelled(Endpoint e, Map<String, String> labels) {
    return new Endpoint(e.name(), e.netns(), e.namespace(), labels, e.interfaces(), e.ports());
  }

  private static Topology change(Topology topology, String name, UnaryOperator<Endpoint> change) {
    return with(
        topology,
        topology.endpoints().stream()
            .map(e -> e.name().equals(name) ? change.apply(e) : e)
            .toList(),
        topology.policies());
  }

  private static Topology with(Topology topology, List<NetworkPolicy> policies) {
    return with(topology, topology.endpoints(), policies);
  }

  private static Topology with(
      Topology topology, List<Endpoint> endpoints, List<NetworkPolicy> policies) {
    return new Topology(
        topology.name(),
        topology.datapath(),
        topology.namespaces(),
        topology.networks(),
        endpoints,
        topology.denyFrom(),
        topology.established(),
        policies);
  }
}
