package dev.sluice.cli;

/** The topology of the tests: two endpoints in two subnets. */
public final class TestTopology {

  static final String NAME = "pair";

  public static final String YAML =
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
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: server
            netns: right
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
      """;

  private TestTopology() {}
}
