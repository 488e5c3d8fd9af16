package dev.sluice.testkit;

import dev.sluice.core.address.IpAddress;
import java.util.Map;

/**
 * Endpoints of which a tampers with its interface: a, b, d and e in network red, c in blue. None of
 * them takes anything but from d, which takes everything.
 */
final class TamperTopology {

  static final String NAME = "tamper";

  static final String YAML =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: tamper}
      spec:
        networks:
          - {name: red,  subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
          - {name: blue, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"]}
        endpoints:
          - name: a
            netns: a
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: b
            netns: b
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3, "fd00:0:0:1::3"]}]
          - name: c
            netns: c
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
          - name: d
            netns: d
            labels: {app: d}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.4, "fd00:0:0:1::4"]}]
          - name: e
            netns: e
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.5, "fd00:0:0:1::5"]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: only-from-d}
      spec:
        podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [d]}]}
        policyTypes: [Ingress]
        ingress: [{from: [{podSelector: {matchLabels: {app: d}}}]}]
      """;

  private static final Map<String, String> HOSTS =
      Map.of("gateway", "1.1", "a", "1.2", "b", "1.3", "c", "2.2", "d", "1.4", "e", "1.5");

  private TamperTopology() {}

  /** An endpoint's address, or that of red's gateway. */
  static IpAddress ip(String endpoint, boolean v6) {
    String[] place = HOSTS.get(endpoint).split("\\.", -1);
    return IpAddress.parse(
        v6 ? "fd00:0:0:%s::%s".formatted(place[0], place[1]) : "10.0." + HOSTS.get(endpoint));
  }
}
