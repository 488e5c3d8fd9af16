package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfLink.Hook;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapEntries;
import dev.sluice.bpf.kind.PinnedMaps;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.sys.Netns;
import dev.sluice.testkit.FrameStream.Flow;
import dev.sluice.testkit.TestTopologies;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The topology that tests of faults run on a node. Each call is as of a process of its own, that
 * remembers nothing.
 */
record FaultBed(Node node, Datapath datapath) {

  FaultBed(Node node) {
    this(node, DATAPATH);
  }

  static final String NAME = "bed";

  /** What a may reach of b, by TCP and UDP. */
  static final int OPEN = 7001;

  static final int ALSO_OPEN = 7002;
  static final int CLOSED = 7009;

  static final IpAddress A = IpAddress.parse("10.0.1.2");
  static final IpAddress B = IpAddress.parse("10.0.1.3");

  private static final Datapath DATAPATH = new EbpfDatapath();

  /**
   * a may begin connections to two ports of b, and nobody any to a: what b answers passes for its
   * connection's sake alone. c, in another network, has no part in it.
   */
  private static final String YAML =
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
            labels: {app: a}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
          - name: b
            netns: b
            labels: {app: b}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3, "fd00:0:0:1::3"]}]
          - name: c
            netns: c
            labels: {app: c}
            interfaces: [{network: blue, name: eth0, addresses: [10.0.2.2, "fd00:0:0:2::2"]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: a}
      spec: {podSelector: {matchLabels: {app: a}}, policyTypes: [Ingress]}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b}
      spec:
        podSelector: {matchLabels: {app: b}}
        policyTypes: [Ingress]
        ingress:
          - from: [{ipBlock: {cidr: 10.0.0.0/8}}]
            ports:
              - {protocol: UDP, port: 7001}
              - {protocol: TCP, port: 7001}
              - {protocol: TCP, port: 7002}
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: c}
      spec:
        podSelector: {matchLabels: {app: c}}
        policyTypes: [Ingress]
        ingress:
          - ports: [PORTS]
      """;

  /**
   * The topology; what is open of c has no part in what is tested, but is configured.
   *
   * @param ports how many are open of c: with a good many the programs need larger maps
   */
  static String yaml(int ports) {
    return YAML.replace(
        "PORTS",
        IntStream.range(0, ports)
            .mapToObj(i -> "{protocol: TCP, port: %d}".formatted(2 * i + 1))
            .collect(Collectors.joining(", ")));
  }

  static final String TOPOLOGY = yaml(1);

  Topologies topologies() {
    return TestTopologies.on(node, datapath);
  }

  Plan apply(String yaml) {
    return topologies().apply(TestTopologies.declared(datapath, yaml));
  }

  Plan plan(String yaml) {
    return topologies().plan(TestTopologies.declared(datapath, yaml));
  }

  static List<KernelObject> render(String yaml) {
    return List.copyOf(TestTopologies.render(DATAPATH, yaml).objects());
  }

  static BpfObject object(String yaml) {
    return render(yaml).stream()
        .filter(BpfObject.class::isInstance)
        .map(BpfObject.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** What {@link #TOPOLOGY} wants in a map. */
  static MapEntries entries(String map) {
    return object(TOPOLOGY).maps().stream()
        .filter(m -> m.map().equals(map))
        .findFirst()
        .orElseThrow()
        .entries();
  }

  /** A map that {@link #TOPOLOGY} lists. */
  BpfMap listed(String map) {
    return PinnedMaps.listed(node, object(TOPOLOGY), map).orElseThrow();
  }

  BpfMap live(String map) {
    return PinnedMaps.live(node, NAME, map).orElseThrow();
  }

  /** Where all is pinned. */
  Path pins() {
    return node.directories().pins().resolve(NAME);
  }

  Path version() {
    return pins().resolve(object(TOPOLOGY).version());
  }

  /** The pin of the program that decides on what a sends. */
  Path pinAtA() {
    return pin("a", "from_endpoint");
  }

  /** The pin of a program at the node's end of an endpoint's interface. */
  Path pin(String endpoint, String program) {
    String link = pair(endpoint).near().name();
    Hook hook =
        render(TOPOLOGY).stream()
            .filter(
                o -> o instanceof BpfLink l && l.link().equals(link) && l.program().equals(program))
            .map(o -> ((BpfLink) o).hook())
            .findFirst()
            .orElseThrow();
    return pins().resolve("links").resolve(link + ":" + hook.word());
  }

  static LinkPair pair(String endpoint) {
    return render(TOPOLOGY).stream()
        .filter(o -> o instanceof LinkPair v && v.alias().contains("/" + endpoint + "/"))
        .map(LinkPair.class::cast)
        .findFirst()
        .orElseThrow();
  }

  static MacAddress mac(String endpoint) {
    return pair(endpoint).far().mac();
  }

  /** Datagrams of a to b. */
  static Flow toB(int port) {
    return new Flow("a", mac("a"), A, "b", mac("b"), B, port);
  }

  /** Opens a socket, or does else what a namespace matters for, at an endpoint. */
  <T> T in(String endpoint, Callable<T> task) {
    try (Netns netns = Netns.open(node.published(endpoint))) {
      return netns.call(task);
    }
  }

  /** Nothing is left to do. */
  void assertInForce(String yaml) {
    assertThat(plan(yaml).steps()).isEmpty();
    assertThat(topologies().status()).singleElement().matches(s -> s.drift() == 0);
  }
}
