package dev.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.topology.NetworkPolicy;
import dev.sluice.core.topology.NetworkPolicy.Direction;
import dev.sluice.core.topology.NetworkPolicy.LabelSelector;
import dev.sluice.core.topology.NetworkPolicy.Operator;
import dev.sluice.core.topology.NetworkPolicy.Peer;
import dev.sluice.core.topology.NetworkPolicy.PortMatch;
import dev.sluice.core.topology.NetworkPolicy.Requirement;
import dev.sluice.core.topology.NetworkPolicy.Rule;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Established;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.PolicyNamespace;
import dev.sluice.core.topology.Topology.Port;
import dev.sluice.core.topology.Topology.Protocol;
import dev.sluice.core.topology.TopologyReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VerdictChangesTest {

  private static final int CROWD = 1000;
  private static final int APPS = 50;

  private static final String ENDPOINTS =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: t}
      spec:
        networks:
          - {name: red, subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
          - {name: blue, subnets: [10.0.2.0/24]}
        endpoints:
          - name: a
            netns: a
            labels: {app: a}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: b
            netns: b
            labels: {app: b}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3, "fd00:0:0:1::3"]}]
            ports: [{name: web, port: 80}]
          - name: c
            netns: c
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2]}]
            ports: [{name: web, port: 81}]
      """;

  private static Topology topology(String... policies) {
    return TopologyReader.read("t.yaml", ENDPOINTS + String.join("", policies));
  }

  private static String policy(String name, String spec) {
    return """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: %s}
      spec: %s
      """
        .formatted(name, spec);
  }

  private static List<String> changes(Topology before, Topology after) {
    return VerdictChanges.between(before, after).stream()
        .map(
            c ->
                "%s %s -> %s %s"
                    .formatted(
                        c.starts() ? "+" : "-", c.sources(), c.destinations(), text(c.ports())))
        .toList();
  }

  private static String text(PortSet ports) {
    if (ports.equals(PortSet.ALL)) {
      return "all";
    }
    return ports.others() ? "all but " + ports.complement().ranges() : ports.ranges().toString();
  }

  @Test
  void nothingChangesWithoutAChangeOfPolicy() {
    String deny = policy("deny", "{podSelector: {}}");
    assertThat(changes(topology(deny), topology(deny))).isEmpty();
    assertThat(changes(topology(), topology())).isEmpty();
  }

  @Test
  void isolationStopsEverybodyButTheNode() {
    Topology isolated = topology(policy("deny", "{podSelector: {matchLabels: {app: a}}}"));
    assertThat(changes(topology(), isolated))
        .containsExactly("- [b, c, 0.0.0.0/0, ::/0] -> [a] all");
    assertThat(changes(isolated, topology()))
        .containsExactly("+ [b, c, 0.0.0.0/0, ::/0] -> [a] all");
  }

  @Test
  void egressIsFromOneToAllAndTheNodeToo() {
    String egress = "{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress], egress: [%s]}";
    Topology open = topology();
    Topology dns = topology(policy("p", egress.formatted("{ports: [{port: 53, protocol: UDP}]}")));
    assertThat(changes(open, dns))
        .containsExactly(
            "- [a] -> [b, c, node, 0.0.0.0/0, ::/0] all but"
                + " [PortRange[protocol=UDP, from=53, to=53]]");
    Topology gateway =
        topology(policy("p", egress.formatted("{to: [{ipBlock: {cidr: 10.0.1.1/32}}]}")));
    assertThat(changes(dns, gateway))
        .containsExactly(
            "- [a] -> [b, c, node 10.0.2.1, node fd00:0:0:1::1, 0.0.0.0/0, ::/0]"
                + " [PortRange[protocol=UDP, from=53, to=53]]",
            "+ [a] -> [node 10.0.1.1] all but [PortRange[protocol=UDP, from=53, to=53]]");
  }

  /** Named ports, and endpoints that had the same side and have no more. */
  @Test
  void aRuleMoreIsTheFlowsThatItAloneAllows() {
    String deny = policy("deny", "{podSelector: {}}");
    String rule =
        policy(
            "web",
            "{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: a}}}],"
                + " ports: [{port: web}, {port: 80}]}]}");
    assertThat(changes(topology(deny), topology(deny, rule)))
        .containsExactly(
            "+ [a] -> [b] [PortRange[protocol=TCP, from=80, to=80]]",
            "+ [a] -> [c] [PortRange[protocol=TCP, from=80, to=81]]");
    assertThat(changes(topology(deny, rule), topology(deny)))
        .containsExactly(
            "- [a] -> [b] [PortRange[protocol=TCP, from=80, to=80]]",
            "- [a] -> [c] [PortRange[protocol=TCP, from=80, to=81]]");
  }

  @Test
  void whatTheOtherDirectionStillDeniesDoesNotChange() {
    String silent =
        policy("silent", "{podSelector: {matchLabels: {app: a}}, policyTypes: [Egress]}");
    String deny = policy("deny", "{podSelector: {matchLabels: {app: b}}}");
    assertThat(changes(topology(silent, deny), topology(silent)))
        .containsExactly("+ [c, 0.0.0.0/0, ::/0] -> [b] all");
  }

  @Test
  void addressesAreToldWhereTheyDiffer() {
    String deny = policy("deny", "{podSelector: {matchLabels: {app: b}}}");
    String block =
        policy(
            "block",
            "{podSelector: {matchLabels: {app: b}}, ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8,"
                + " except: [10.9.0.0/16, 10.0.2.0/24]}}, {ipBlock: {cidr: 192.0.2.0/24}}]}]}");
    assertThat(changes(topology(deny), topology(deny, block)))
        .containsExactly(
            "+ [10.0.0.0/8, 192.0.2.0/24] -> [b] all", "+ [a 10.0.1.2] -> [b 10.0.1.3] all");
  }

  /** An endpoint of one topology alone has nothing to be compared with. */
  @Test
  void onlyWhatBothHaveIsCompared() {
    String text = ENDPOINTS.substring(0, ENDPOINTS.indexOf("    - name: c"));
    Topology without = TopologyReader.read("t.yaml", text);
    Topology isolated = topology(policy("deny", "{podSelector: {}}"));
    assertThat(changes(without, isolated))
        .containsExactly("- [a, b, 0.0.0.0/0, ::/0] -> [a, b] all");
    assertThat(VerdictChanges.between(without, isolated).get(0).pairs()).isEqualTo(2 + 4);
    assertThat(changes(isolated, without))
        .containsExactly("+ [a, b, 0.0.0.0/0, ::/0] -> [a, b] all");
  }

  /**
   * Each of them is isolated by a policy of its own, with ten rules, and every rule changes.
   * Seconds of this thread's, whatever else the machine does.
   */
  @Test
  void aThousandEndpointsThatAllChangeTakeSeconds() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Topology before = crowd(0);
    Topology after = crowd(1);
    long start = threads.getCurrentThreadCpuTime();
    List<VerdictChange> changes = VerdictChanges.between(before, after);
    Duration took = Duration.ofNanos(threads.getCurrentThreadCpuTime() - start);
    assertThat(changes.stream().mapToLong(VerdictChange::pairs).sum()).isGreaterThan(10_000);
    assertThat(took).isLessThan(Duration.ofSeconds(10));
  }

  private static Topology crowd(int shift) {
    List<Endpoint> endpoints = new ArrayList<>();
    List<NetworkPolicy> policies = new ArrayList<>();
    for (int i = 0; i < CROWD; i++) {
      endpoints.add(member(i));
      List<Rule> rules = new ArrayList<>();
      for (int r = 0; r < 10; r++) {
        rules.add(rule(i, r, shift));
      }
      policies.add(
          new NetworkPolicy(
              "default",
              "p" + i,
              selector("id", "i" + i),
              Set.of(Direction.INGRESS, Direction.EGRESS),
              rules,
              rules));
    }
    return new Topology(
        "crowd",
        "bridge",
        List.of(new PolicyNamespace("default", Map.of())),
        List.of(),
        endpoints,
        List.of(),
        Established.REVOKE,
        policies);
  }

  private static Endpoint member(int i) {
    return new Endpoint(
        "e" + i,
        "e" + i,
        "default",
        Map.of("id", "i" + i, "app", "a" + i % APPS),
        List.of(
            new Interface(
                "red",
                "eth0",
                Optional.empty(),
                List.of(IpAddress.parse("10.0.0.0").plus(i), IpAddress.parse("fd00::").plus(i)),
                Optional.empty())),
        List.of(new Port(Optional.of("web"), 8000 + i % 7, Protocol.TCP, Optional.empty())));
  }

  /** Exact ports, ranges, blocks within and without, names. */
  private static Rule rule(int policy, int rule, int shift) {
    int number = 10 * policy + rule;
    Peer app =
        new Peer.Selected(Optional.empty(), Optional.of(selector("app", "a" + number % APPS)));
    IpAddress network = IpAddress.parse(number % 2 == 0 ? "10.0.0.0" : "172.16.0.0");
    Peer block = new Peer.Block(new Cidr(network.plus(16L * (number % 60)), 28), List.of());
    int port = 1 + number + shift;
    return switch (number % 4) {
      case 0 -> new Rule(List.of(app), List.of(new PortMatch.Range(Protocol.TCP, port, port)));
      case 1 ->
          new Rule(List.of(app), List.of(new PortMatch.Range(Protocol.UDP, port, port + 1000)));
      case 2 -> new Rule(List.of(block), List.of(new PortMatch.Range(Protocol.TCP, port, port)));
      default -> new Rule(List.of(app), List.of(new PortMatch.Named(Protocol.TCP, "web")));
    };
  }

  private static LabelSelector selector(String key, String value) {
    return new LabelSelector(List.of(new Requirement(key, Operator.IN, List.of(value))));
  }
}
