package dev.sluice.testkit;

import static dev.sluice.testkit.KilledSteps.and;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.FrameStream.Flow;
import dev.sluice.testkit.KilledSteps.State;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A process that is killed before any of its steps leaves no endpoint open to a source that {@code
 * spec.denyFrom} denies, and what is adopted loses nothing of others ({@link KilledSteps}).
 */
@ExtendWith(NodeExtension.class)
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(600)
public abstract class DenyCrashContract {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: denying}
      spec:
        denyFrom: [%s]
        networks: [{name: red, subnets: [10.0.1.0/24, "fd00:0:0:1::/64"], uplink: up0}]
        endpoints:
          - name: a
            netns: a
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
      """;

  private static final List<String> BAD = List.of("203.0.113.0/24", "2001:db8:bad::/48");
  private static final List<String> OTHERS = List.of("198.51.100.0/24", "2001:db8:5::/48");

  /** More than programs that were made for a few have room for. */
  private static final int MANY = 300;

  /** What is killed; of a class with a constructor without arguments. */
  protected abstract Datapath datapath();

  /** Whether a step, as {@link SteppedProcess} tells it, changes what is denied. */
  protected abstract boolean changesFilter(String step);

  /** In how many such steps another list comes into force. */
  protected abstract int stepsOfAChange();

  private static String denying(Stream<String> blocks) {
    return TOPOLOGY.formatted(String.join(", ", blocks.map(block -> "\"" + block + "\"").toList()));
  }

  private static Outside world(Node node) {
    return Outside.connect(node, "up0", "outside", "192.0.2", "2001:db8").asDefault();
  }

  private static List<Flow> flows(Outside outside, String v4, String v6) {
    return List.of(flow(outside, v4, "10.0.1.2"), flow(outside, v6, "fd00:0:0:1::2"));
  }

  private static Flow flow(Outside outside, String source, String target) {
    return new Flow(
        "outside",
        mac(outside, outside.netns(), "eth0"),
        IpAddress.parse(source),
        "a",
        mac(outside, NetnsRef.NODE, "up0"),
        IpAddress.parse(target),
        4711);
  }

  private static MacAddress mac(Outside outside, NetnsRef where, String link) {
    try (Wire wire = Wire.on(outside.node(), where, link)) {
      return wire.link().mac().orElseThrow();
    }
  }

  private static List<Flow> good(Outside outside) {
    return flows(outside, "192.0.2.2", "2001:db8::2");
  }

  private static List<Flow> bad(Outside outside) {
    return flows(outside, "203.0.113.5", "2001:db8:bad::5");
  }

  private static List<Flow> others(Outside outside) {
    return flows(outside, "198.51.100.5", "2001:db8:5::5");
  }

  private static State denyingBad(Outside outside) {
    return new State(denying(BAD.stream()), and(good(outside), others(outside)), bad(outside));
  }

  @Test
  void aFirstApply(Node node) throws IOException {
    State after = denyingBad(world(node));
    killBeforeEachStep(node, State.nothing(after), after, 8, 1, false);
  }

  @Test
  void aDestroy(Node node) throws IOException {
    State before = denyingBad(world(node));
    killBeforeEachStep(node, before, State.nothing(before), 4, 1, false);
  }

  @Test
  void aListThatIsExchangedForALongerOne(Node node) throws IOException {
    Outside outside = world(node);
    State after =
        new State(
            denying(Stream.concat(OTHERS.stream(), BAD.stream())),
            good(outside),
            and(bad(outside), others(outside)));
    int steps = stepsOfAChange();
    killBeforeEachStep(node, denyingBad(outside), after, 2 + steps, steps, true);
  }

  /** Another program takes the place of the one in force. */
  @Test
  void aListThatNeedsMoreRoom(Node node) throws IOException {
    Outside outside = world(node);
    Stream<String> many =
        IntStream.range(0, MANY).mapToObj(i -> "100.64.%d.%d/32".formatted(i / 256, i % 256));
    State after =
        new State(
            denying(Stream.concat(BAD.stream(), many)),
            and(good(outside), others(outside)),
            bad(outside));
    int steps = stepsOfAChange();
    killBeforeEachStep(node, denyingBad(outside), after, 2 + steps, steps, true);
  }

  private void killBeforeEachStep(
      Node node, State before, State after, int steps, int filterings, boolean lossless)
      throws IOException {
    KilledSteps kills = new KilledSteps(node, datapath());
    kills.alwaysThere("a");
    assertThat(kills.between(before, after, steps, lossless))
        .filteredOn(this::changesFilter)
        .hasSizeGreaterThanOrEqualTo(kills.share(filterings));
  }
}
