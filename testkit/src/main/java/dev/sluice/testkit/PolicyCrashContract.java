package dev.sluice.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.sys.Netns;
import dev.sluice.testkit.FrameStream.Flow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A process that is killed before any of its steps (a part of them, as of the policy suite's cases,
 * by {@code SLUICE_CASES}) never leaves an endpoint open: of what both the policy before and the
 * one after deny nothing arrives, at any moment; and once a next apply has finished the change or
 * taken it back, nothing of what the policy in force denies.
 */
@ExtendWith(NodeExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(600)
public abstract class PolicyCrashContract {

  /** So many of each flow are sent while the process stands still, and after each apply. */
  private static final int PROBED = 25;

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

  private final Part part = Part.ofCases();

  private final DesiredState declared =
      DesiredState.of(TestTopologies.facts(), TestTopologies.read(WITH_E));
  private final KernelState rendered = datapath().render(declared);

  /** What is killed; of a class with a constructor without arguments. */
  protected abstract Datapath datapath();

  /** Whether a step, as {@link SteppedProcess} tells it, changes what is filtered. */
  protected abstract boolean changesFilter(String step);

  /** In how many such steps another policy of the same endpoints comes into force. */
  protected abstract int stepsOfAChange();

  /** What the node may hold, and the flows that this allows and denies; none holds if empty. */
  private record State(String yaml, List<Flow> allows, List<Flow> denies) {}

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

  private static List<Flow> and(List<Flow> some, List<Flow> others) {
    List<Flow> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  private static State nothing(State instead) {
    return new State("", List.of(), and(instead.allows, instead.denies));
  }

  @Test
  void aFirstApply(Node node) throws IOException {
    State after = new State(TOPOLOGY + serving(port(OPEN)), toB(OPEN), toB(CLOSED));
    killBeforeEachStep(node, nothing(after), after, 13, 1);
  }

  @Test
  void aDestroy(Node node) throws IOException {
    State before = new State(TOPOLOGY + serving(port(OPEN)), toB(OPEN), toB(CLOSED));
    killBeforeEachStep(node, before, nothing(before), 7, 1);
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
   * The next apply finishes the change and takes it back in turn.
   *
   * @param steps there are more than these
   * @param filterings at least so many of them change what is filtered, of which a part is killed
   *     at
   */
  private void killBeforeEachStep(Node node, State before, State after, int steps, int filterings)
      throws IOException {
    for (String name : List.of("a", "b", "c", "e")) {
      try (Netns netns = Netns.create()) {
        netns.bindTo(node.published(name));
      }
    }
    Topologies bed = TestTopologies.on(node, datapath());
    hold(bed, before);
    Set<Flow> flows = new LinkedHashSet<>(and(before.denies, after.denies));
    flows.addAll(and(before.allows, after.allows));
    List<String> killed = new ArrayList<>();
    int number = part.number() - 1;
    SteppedProcess next = SteppedProcess.start(node, datapath().getClass());
    try (FrameStream stream = new FrameStream(node, List.copyOf(flows))) {
      holds(stream, before, "at first");
      while (true) {
        try (SteppedProcess process = next) {
          Optional<String> step = process.change(after.yaml, number);
          if (step.isEmpty()) {
            break;
          }
          killed.add(step.get());
          stream.more(PROBED);
        }
        next = SteppedProcess.start(node, datapath().getClass());
        String when = "killed at step %d: %s".formatted(number, step(killed));
        State then = killed.size() % 2 == 1 ? after : before;
        hold(bed, then);
        holds(stream, then, when);
        if (!then.equals(before)) {
          hold(bed, before);
          holds(stream, before, when + ", and taken back");
        }
        neverBoth(stream, before, after, when);
        number += part.of();
      }
      holds(stream, after, "not killed");
      stream.end();
      neverBoth(stream, before, after, "any time");
    } finally {
      next.close();
    }
    assertThat(number).as("steps, and what a part passes over").isGreaterThanOrEqualTo(steps);
    assertThat(killed)
        .filteredOn(this::changesFilter)
        .hasSizeGreaterThanOrEqualTo(filterings / part.of());
  }

  private static String step(List<String> killed) {
    return killed.get(killed.size() - 1);
  }

  private void hold(Topologies bed, State state) {
    if (!state.yaml.isEmpty()) {
      bed.apply(TestTopologies.declared(datapath(), state.yaml));
    } else if (!bed.status().isEmpty()) {
      bed.destroy("bed");
    }
  }

  /** From now on what the state allows arrives, and nothing that it denies. */
  private static void holds(FrameStream stream, State state, String when) {
    int from = stream.next();
    stream.more(PROBED);
    // What arrives was sent later than what is denied.
    int last = stream.next();
    for (Flow flow : state.allows) {
      assertThat(stream.arrives(flow, last)).as("allowed, %s, %s", flow, when).isTrue();
    }
    for (Flow flow : state.denies) {
      assertThat(stream.arrived(flow, from)).as("denied, %s, %s", flow, when).isZero();
    }
  }

  private static void neverBoth(FrameStream stream, State before, State after, String when) {
    for (Flow flow : before.denies) {
      if (after.denies.contains(flow)) {
        assertThat(stream.arrived(flow, 0)).as("always denied, %s, %s", flow, when).isZero();
      }
    }
  }
}
