package dev.sluice.cli;

/** The endpoints of {@link TestTopology}, where nobody is heard but who is named, and where. */
final class PolicyTopology {

  static final String YAML =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: pair}
      spec:
        datapath: bridge
        networks:
          - {name: red, subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}
          - {name: blue, subnets: [10.0.2.0/24, "fd00:0:0:2::/64"]}
        endpoints:
          - name: client
            netns: left
            labels: {app: client}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: server
            netns: right
            labels: {app: server}
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
            ports: [{name: http, port: 80}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: deny}
      spec: {podSelector: {}}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: web}
      spec:
        podSelector: {matchLabels: {app: server}}
        ingress:
          - from: [{podSelector: {matchLabels: {app: client}}}]
            ports: [{port: http}, {port: 53, protocol: UDP}]
          - from: [{ipBlock: {cidr: 10.0.1.0/24, except: [10.0.1.128/25]}}]
            ports: [{port: 9000, endPort: 9009}]
      """;

  private PolicyTopology() {}
}
