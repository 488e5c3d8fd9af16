package dev.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.policy.Flow.Party;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.TopologyReader;
import java.util.OptionalInt;

/**
 * A small topology, and policies in it, for tests of single rules. Endpoints a, b, c are in
 * namespace x with labels app=a to app=c, a in two networks; d in y without labels.
 */
final class PolicyLab {

  static final int TCP = 6;
  static final int UDP = 17;
  static final int SCTP = 132;
  static final int ICMP = 1;
  static final int GRE = 47;

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: lab}
      spec:
        namespaces: [{name: x, labels: {team: x}}, {name: y}]
        networks:
          - {name: red, subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
          - {name: blue, subnets: [10.0.2.0/24]}
        endpoints:
          - name: a
            netns: a
            namespace: x
            labels: {app: a}
            interfaces:
              - {network: red, name: eth0, addresses: [10.0.1.10, "fd00:0:0:1::a"]}
              - {network: blue, name: eth1, addresses: [10.0.2.10]}
            ports: [{name: http, port: 80}]
          - name: b
            netns: b
            namespace: x
            labels: {app: b}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.11, "fd00:0:0:1::b"]}]
            ports: [{name: http, port: 8080}, {name: dns, port: 53, protocol: UDP}]
          - name: c
            netns: c
            namespace: x
            labels: {app: c}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.12, "fd00:0:0:1::c"]}]
            ports: [{name: http, port: 80, protocol: UDP}]
          - name: d
            netns: d
            namespace: y
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.13]}]
            ports: [{name: http, port: 80}]
      """;

  private final Topology topology;
  private final PolicyTable table;

  private PolicyLab(Topology topology) {
    this.topology = topology;
    this.table = PolicyResolver.resolve(topology);
  }

  /** The topology with policies p0, p1 …, each given as {@code NAMESPACE: SPEC}. */
  static Topology topology(String... policies) {
    StringBuilder text = new StringBuilder(TOPOLOGY);
    for (int i = 0; i < policies.length; i++) {
      String[] parts = policies[i].split(": ", 2);
      text.append(
          """
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: p%d, namespace: %s}
          spec: {%s}
          """
              .formatted(i, parts[0], parts[1]));
    }
    return TopologyReader.read("lab", text.toString());
  }

  /** As {@link #topology}. */
  static PolicyLab with(String... policies) {
    return new PolicyLab(topology(policies));
  }

  /** The verdict of the evaluator; that of the table is the same. */
  Verdict verdict(Flow flow) {
    Verdict verdict = PolicyEvaluator.verdict(topology, flow);
    assertThat(table.verdict(flow)).isEqualTo(verdict);
    return verdict;
  }

  /** Whether TCP passes between the first addresses of two endpoints. */
  boolean passes(String from, String to, int port) {
    return passes(from, to, TCP, port);
  }

  /** Whether a protocol passes; without a port if that is 0. */
  boolean passes(String from, String to, int protocol, int port) {
    return verdict(flow(endpoint(from), endpoint(to), protocol, port)).allows();
  }

  /** An endpoint by the first address of its first interface. */
  Party endpoint(String name) {
    Endpoint endpoint =
        topology.endpoints().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
    return new Party.EndpointParty(name, endpoint.interfaces().get(0).addresses().get(0));
  }

  static Party endpoint(String name, String address) {
    return new Party.EndpointParty(name, IpAddress.parse(address));
  }

  static Party node() {
    return new Party.NodeParty(IpAddress.parse("10.0.1.1"));
  }

  static Party outside(String address) {
    return new Party.Outside(IpAddress.parse(address));
  }

  static Flow flow(Party from, Party to, int protocol, int port) {
    return new Flow(from, to, protocol, port == 0 ? OptionalInt.empty() : OptionalInt.of(port));
  }
}
