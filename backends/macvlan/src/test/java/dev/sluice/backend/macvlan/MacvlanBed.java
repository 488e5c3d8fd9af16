package dev.sluice.backend.macvlan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kind.PinnedMaps;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.FrameStream.Flow;
import dev.sluice.testkit.TestTopologies;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A topology that something happens to on a node: datagrams to one port pass from a to b and from d
 * to e, those to another one do not. Each call is as of a process of its own, that remembers
 * nothing.
 */
record MacvlanBed(Node node) {

  static final String NAME = "bed";

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
            labels: {serves: udp}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3, "fd00:0:0:1::3"]}]
          - name: c
            netns: c
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
          - name: d
            netns: d
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.4, "fd00:0:0:1::4"]}]
          - name: e
            netns: e
            labels: {serves: udp}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.5, "fd00:0:0:1::5"]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: served}
      spec:
        podSelector: {matchLabels: {serves: udp}}
        policyTypes: [Ingress]
        ingress:
          - from: [{ipBlock: {cidr: 10.0.0.0/8}}]
            ports: [{protocol: UDP, port: 7001}]
      """;

  private static final int OPEN = 7001;
  private static final int CLOSED = 7009;

  private static final Map<String, IpAddress> HOSTS =
      Map.of(
          "a", IpAddress.parse("10.0.1.2"),
          "b", IpAddress.parse("10.0.1.3"),
          "d", IpAddress.parse("10.0.1.4"),
          "e", IpAddress.parse("10.0.1.5"));

  static final Flow ALLOWED = flow("a", "b", OPEN);
  static final Flow DENIED = flow("a", "b", CLOSED);

  /** Of endpoints that nothing happens to. */
  static final Flow OTHERS = flow("d", "e", OPEN);

  private static final Datapath DATAPATH = new MacvlanDatapath();

  private static Flow flow(String from, String to, int port) {
    return new Flow(
        from, slave(from).mac(), HOSTS.get(from), to, slave(to).mac(), HOSTS.get(to), port);
  }

  static <T extends KernelObject> Stream<T> rendered(Class<T> type) {
    return TestTopologies.render(new MacvlanDatapath(), TOPOLOGY).objects().stream()
        .filter(type::isInstance)
        .map(type::cast);
  }

  static Macvlan slave(String endpoint) {
    return rendered(Macvlan.class)
        .filter(m -> m.netns().equals(NetnsRef.named(endpoint)))
        .findFirst()
        .orElseThrow();
  }

  /** Where the other end of the pair of an endpoint's parent is. */
  static String beyond(String endpoint) {
    return rendered(VethPair.class)
        .filter(pair -> pair.near().name().equals(slave(endpoint).parent()))
        .findFirst()
        .orElseThrow()
        .far()
        .name();
  }

  static BpfObject object() {
    return rendered(BpfObject.class).findFirst().orElseThrow();
  }

  Topologies topologies() {
    return TestTopologies.on(node, DATAPATH);
  }

  void apply() {
    topologies().apply(TestTopologies.declared(DATAPATH, TOPOLOGY));
  }

  Plan plan() {
    return topologies().plan(TestTopologies.declared(DATAPATH, TOPOLOGY));
  }

  BpfMap map(String name) {
    return PinnedMaps.listed(node, object(), name).orElseThrow();
  }

  /** The pin of an attachment. */
  Path pin(String link, String hook) {
    return node.directories().pins().resolve(NAME).resolve("links").resolve(link + ":" + hook);
  }

  /** Nothing is left to do. */
  void assertInForce() {
    assertThat(plan().steps()).isEmpty();
    assertThat(topologies().status()).singleElement().matches(s -> s.drift() == 0);
  }
}
