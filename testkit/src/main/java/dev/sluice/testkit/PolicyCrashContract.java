package dev.sluice.testkit;

import static dev.sluice.testkit.KilledSteps.and;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.FrameStream.Flow;
import dev.sluice.testkit.KilledSteps.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A process that is killed before any of its steps never leaves an endpoint open ({@link
 * KilledSteps}).
 */
@ExtendWith(NodeExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(600)
public abstract class PolicyCrashContract {

  private static final int OPEN = 7001;
  private static final int CHANGED = 7000;
  private static final int CLOSED = 7002;

  private static final String TOPOLOGY =
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
      """;

  private static final String WITH_E =
      TOPOLOGY
          + """
              - name: e
                netns: e
                labels: {serves: udp}
                interfaces: [{network: red, name: eth0, addresses: [10.0.1.5, "fd00:0:0:1::5"]}]
          """;

  private final DesiredState declared =
      DesiredState.of(TestTopologies.facts(), TestTopologies.read(WITH_E));
  private final KernelState rendered = datapath().render(declared);

  /** What is killed; of a class with a constructor without arguments. */
  protected abstract Datapath datapath();

  /** Whether a step, as {@link SteppedProcess} tells it, changes what is filtered. */
  protected abstract boolean changesFilter(String step);

  /** In how many such steps another policy of the same endpoints comes into force. */
  protected abstract int stepsOfAChange();

  /** What serves takes datagrams to these ports from everybody, and no others. */
  private static String serving(String... ports) {
    return """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: served}
        spec:
          podSelector: {matchLabels: {serves: udp}}
          policyTypes: [Ingress]
          ingress:
            - from: [{ipBlock: {cidr: 10.0.0.0/8}}, {ipBlock: {cidr: "fd00::/16"}}]
              ports: [%s]
        """
        .formatted(String.join(", ", ports));
  }

  private static String port(int first, int last) {
    return "{protocol: UDP, port: %d, endPort: %d}".formatted(first, last);
  }

  private static String port(int port) {
    return "{protocol: UDP, port: %d}".formatted(port);
  }

  /** The port that is always open, and a good many ranges, which depend on {@code offset}. */
  private static String servingMany(int offset) {
    List<String> ports = new ArrayList<>(List.of(port(OPEN)));
    IntStream.range(0, 40)
        .map(i -> 10_000 + offset + 20 * i)
        .forEach(p -> ports.add(port(p, p + 9)));
    return serving(ports.toArray(String[]::new));
  }

  private MacAddress macOf(String name) {
    return declared.topology().endpoints().stream()
        .filter(endpoint -> endpoint.name().equals(name))
        .map(endpoint -> declared.mac(endpoint, endpoint.interfaces().get(0)))
        .findFirst()
        .orElseThrow();
  }

  private MacAddress macOfGateway(String network) {
    return rendered.objects().stream()
        .filter(Bridge.class::isInstance)
        .map(Bridge.class::cast)
        .filter(bridge -> bridge.alias().endsWith("/" + network))
        .map(Bridge::mac)
        .findFirst()
        .orElseThrow();
  }

  private Flow flow(String from, String source, String to, String target, int port) {
    return new Flow(
        from,
        macOf(from),
        IpAddress.parse(source),
        to,
        from.equals("c") ? macOfGateway("blue") : macOf(to),
        IpAddress.parse(target),
        port);
  }

  /** To b: within the network in both families, and from another network. */
  private List<Flow> toB(int port) {
    return List.of(
        flow("a", "10.0.1.2", "b", "10.0.1.3", port),
        flow("a", "fd00:0:0:1::2", "b", "fd00:0:0:1::3", port),
        flow("c", "10.0.2.2", "b", "10.0.1.3", port));
  }

  private List<Flow> toE(int port) {
    return List.of(flow("a", "10.0.1.2", "e", "10.0.1.5", port));
  }

  @Test
  void aFirstApply(Node node) throws IOException {
    State after = new State(TOPOLOGY + serving(port(OPEN)), toB(OPEN), toB(CLOSED));
    killBeforeEachStep(node, State.nothing(after), after, 13, 1);
  }

  @Test
  void aDestroy(Node node) throws IOException {
    State before = new State(TOPOLOGY + serving(port(OPEN)), toB(OPEN), toB(CLOSED));
    killBeforeEachStep(node, before, State.nothing(before), 7, 1);
  }

  @Test
  void aChangeOfOtherRules(Node node) throws IOException {
    State before = new State(TOPOLOGY + servingMany(0), toB(OPEN), toB(CLOSED));
    State after = new State(TOPOLOGY + servingMany(7), toB(OPEN), toB(CLOSED));
    killBeforeEachStep(node, before, after, 2 + stepsOfAChange(), stepsOfAChange());
  }

  @Test
  void aChangeThatDeniesWhatRan(Node node) throws IOException {
    State before =
        new State(
            TOPOLOGY + serving(port(OPEN), port(CHANGED)),
            and(toB(OPEN), toB(CHANGED)),
            toB(CLOSED));
    State after =
        new State(TOPOLOGY + serving(port(OPEN)), toB(OPEN), and(toB(CHANGED), toB(CLOSED)));
    killBeforeEachStep(node, before, after, 2 + stepsOfAChange(), stepsOfAChange());
  }

  @Test
  void theFirstPolicy(Node node) throws IOException {
    State before = new State(TOPOLOGY, and(toB(OPEN), toB(CHANGED)), List.of());
    State after = new State(TOPOLOGY + serving(port(OPEN)), toB(OPEN), toB(CHANGED));
    killBeforeEachStep(node, before, after, 2 + stepsOfAChange(), 1);
  }

  @Test
  void anEndpointMore(Node node) throws IOException {
    State before =
        new State(
            TOPOLOGY + serving(port(OPEN)),
            toB(OPEN),
            and(toB(CLOSED), and(toE(OPEN), toE(CLOSED))));
    State after =
        new State(
            WITH_E + serving(port(OPEN)), and(toB(OPEN), toE(OPEN)), and(toB(CLOSED), toE(CLOSED)));
    killBeforeEachStep(node, before, after, 9, 2);
  }

  @Test
  void anEndpointLess(Node node) throws IOException {
    State before =
        new State(
            WITH_E + serving(port(OPEN)), and(toB(OPEN), toE(OPEN)), and(toB(CLOSED), toE(CLOSED)));
    State after =
        new State(
            TOPOLOGY + serving(port(OPEN)),
            toB(OPEN),
            and(toB(CLOSED), and(toE(OPEN), toE(CLOSED))));
    killBeforeEachStep(node, before, after, 6, 2);
  }

  /**
   * As {@link KilledSteps#between}.
   *
   * @param filterings at least so many of the steps change what is filtered, of which a part is
   *     killed at
   */
  private void killBeforeEachStep(Node node, State before, State after, int steps, int filterings)
      throws IOException {
    KilledSteps kills = new KilledSteps(node, datapath());
    kills.alwaysThere("a", "b", "c", "e");
    assertThat(kills.between(before, after, steps, false))
        .filteredOn(this::changesFilter)
        .hasSizeGreaterThanOrEqualTo(kills.share(filterings));
  }
}
