package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.TestTopologies;

/** A node, the topology that tests of faults run on it, and the names that its parts get. */
record Bed(Node node, Topologies topologies) {

  static final String NAME = "bed";

  /** Endpoints a, b in network red, c in blue; each in a namespace of its own name. */
  static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: bed}
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
      """;

  static final Datapath DATAPATH = new BridgeDatapath();

  static Bed on(Node node) {
    return on(node, Progress.silent());
  }

  static Bed on(Node node, Progress progress) {
    return new Bed(node, TestTopologies.on(node, DATAPATH, progress));
  }

  static Declared declared(String yaml) {
    return TestTopologies.declared(DATAPATH, yaml);
  }

  /** The topology without the endpoint of that name. */
  static String without(String endpoint) {
    String start = "    - name: " + endpoint + "\n";
    int from = TOPOLOGY.indexOf(start);
    int next = TOPOLOGY.indexOf("    - name: ", from + start.length());
    return TOPOLOGY.substring(0, from) + (next < 0 ? "" : TOPOLOGY.substring(next));
  }

  void apply() {
    apply(TOPOLOGY);
  }

  void apply(String yaml) {
    topologies.apply(declared(yaml));
  }

  void destroy() {
    topologies.destroy(NAME);
  }

  /** The bridge of network red. */
  static String redBridge() {
    return TestTopologies.render(DATAPATH, TOPOLOGY).objects().stream()
        .filter(o -> o instanceof Bridge b && b.alias().endsWith("/red"))
        .map(o -> o.key().id())
        .findFirst()
        .orElseThrow();
  }

  /** The number of the topology's routing table. */
  static String table() {
    return Integer.toUnsignedString(Derived.table(NAME));
  }

  /** The node's end of the interface of endpoint a. */
  static String portOfA() {
    return TestTopologies.render(DATAPATH, TOPOLOGY).objects().stream()
        .filter(o -> o instanceof VethPair v && v.alias().contains("/a/"))
        .map(KernelObject::key)
        .map(key -> key.id())
        .findFirst()
        .orElseThrow();
  }

  /** Runs a command in the node, which has to succeed. */
  void node(String command) {
    Shell.inNode(node, command).orFail();
  }

  /** Runs a command in a namespace of the node, which has to succeed. */
  String in(String namespace, String command) {
    return Shell.in(node, namespace, command).orFail();
  }

  /**
   * Nothing is left to do, and packets pass on both families, within and across subnets. A bridge
   * that comes up again may be without IPv6 for a second: the kernel tells IPv6 of a carrier by
   * linkwatch, at most once a second ({@code net/core/link_watch.c}).
   */
  void assertWhole() {
    assertWhole(TOPOLOGY);
  }

  void assertWhole(String yaml) {
    assertThat(topologies.plan(declared(yaml)).steps()).isEmpty();
    assertThat(topologies.status()).allMatch(s -> s.drift() == 0);
    for (String to : new String[] {"10.0.1.3", "10.0.2.1", "fd00:0:0:1::3", "fd00:0:0:2::1"}) {
      in("a", "ping -n -c 1 -w 4 -i 0.2 " + to);
    }
  }
}
