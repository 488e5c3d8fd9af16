package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.Topologies.Status;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.testkit.FrameStream.Flow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A topology that something happens to on a node: datagrams to one port pass from a to b and from d
 * to e, those to another one do not. Each call is as of a process of its own, that remembers
 * nothing.
 */
public record DriftBed(Node node, Datapath datapath) {

  public static final String NAME = "bed";

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

  public static final Flow ALLOWED = flow("a", "b", OPEN);
  public static final Flow DENIED = flow("a", "b", CLOSED);

  /** Of endpoints that nothing happens to. */
  public static final Flow OTHERS = flow("d", "e", OPEN);

  private static Flow flow(String from, String to, int port) {
    return new Flow(from, mac(from), HOSTS.get(from), to, mac(to), HOSTS.get(to), port);
  }

  /** Of an endpoint. */
  public static MacAddress mac(String endpoint) {
    DesiredState desired =
        DesiredState.of(TestTopologies.facts(), TestTopologies.read(DriftBed.TOPOLOGY));
    Endpoint found =
        desired.topology().endpoints().stream()
            .filter(e -> e.name().equals(endpoint))
            .findFirst()
            .orElseThrow();
    return desired.mac(found, found.interfaces().get(0));
  }

  /** What the topology becomes on {@code datapath}. */
  public static <T extends KernelObject> Stream<T> rendered(Datapath datapath, Class<T> type) {
    return TestTopologies.render(datapath, TOPOLOGY).objects().stream()
        .filter(type::isInstance)
        .map(type::cast);
  }

  public Topologies topologies() {
    return TestTopologies.on(node, datapath);
  }

  public void apply() {
    topologies().apply(TestTopologies.declared(datapath, TOPOLOGY));
  }

  public Plan plan() {
    return topologies().plan(TestTopologies.declared(datapath, TOPOLOGY));
  }

  /** The pin of an attachment. */
  public Path pin(String link, String hook) {
    return node.directories().pins().resolve(NAME).resolve("links").resolve(link + ":" + hook);
  }

  /** Nothing is left to do. */
  public void assertInForce() {
    assertThat(plan().steps()).isEmpty();
    assertThat(topologies().status()).singleElement().matches(s -> s.drift() == 0);
  }

  /** Something is to be done. */
  public void assertSeen() {
    assertThat(plan().steps()).isNotEmpty();
    assertThat(topologies().status()).extracting(Status::drift).allMatch(drift -> drift > 0);
  }

  /** What policy lets pass arrives, and nothing else. */
  public static void assertHolds(FrameStream stream) {
    int from = stream.next();
    stream.more(20);
    assertThat(stream.arrives(ALLOWED, stream.next())).isTrue();
    assertThat(stream.arrived(DENIED, from)).isZero();
  }

  /** Something that somebody else does to the node. */
  public interface Change {
    void happen() throws IOException;
  }

  /** It is seen, mended by an apply, and gone with a destroy; others lose nothing by any of it. */
  public void assertMendedWithoutLoss(Change damage) {
    NodeSnapshot before = NodeSnapshot.of(node);
    apply();
    try (FrameStream stream = new FrameStream(node, List.of(ALLOWED, DENIED, OTHERS))) {
      assertHolds(stream);
      assertThat(stream.arrives(OTHERS, stream.next())).isTrue();
      int from = stream.next();
      damage.happen();
      assertSeen();
      apply();
      assertInForce();
      assertHolds(stream);
      int to = stream.next();
      assertThat(stream.arrives(OTHERS, to)).isTrue();
      assertThat(stream.arrived(OTHERS, from)).as("of others").isGreaterThanOrEqualTo(to - from);
      assertThat(stream.arrived(DENIED, 0)).as("denied, at any time").isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    topologies().destroy(NAME);
    before.assertUnchanged(node);
  }
}
