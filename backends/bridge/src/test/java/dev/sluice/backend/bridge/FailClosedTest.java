package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.testkit.NodeExtension;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * POLICY rule 15: whenever a process is killed, what policy denies stays denied. Endpoints send all
 * the time, from before they have an interface until after they have none.
 */
@ExtendWith(NodeExtension.class)
class FailClosedTest {

  private static final String LABELLED =
      Bed.TOPOLOGY.replaceAll("netns: (.)\n", "netns: $1\n      labels: {app: $1}\n");

  /** b takes datagrams to port 7 and nothing else, c nothing at all, and sends nothing. */
  private static final String POLICIES =
      """
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: b}
      spec:
        podSelector: {matchLabels: {app: b}}
        ingress: [{ports: [{port: 7, protocol: UDP}]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: c}
      spec: {podSelector: {matchLabels: {app: c}}, policyTypes: [Ingress, Egress]}
      """;

  static final String WHOLE = LABELLED + POLICIES;

  /** More is allowed, and more is isolated; what was denied still is. */
  static final String CHANGED =
      WHOLE.replace(
              "[{port: 7, protocol: UDP}]",
              "[{port: 7, protocol: UDP}, {port: 80}, {port: 10, endPort: 20, protocol: UDP}]")
          + """
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: a}
          spec: {podSelector: {matchLabels: {app: a}}, egress: [{}]}
          """;

  private static boolean killedAt(int stage, Node node, String yaml) throws IOException {
    try (StoppingProcess process = StoppingProcess.start(node, yaml, stage)) {
      return process.stopped();
    }
  }

  @Test
  void aFirstApplyOpensNothingWhereverItIsKilled(Node node) throws IOException {
    Bed bed = Bed.on(node);
    try (DeniedFlows flows = new DeniedFlows(node, WHOLE)) {
      int stage = 0;
      while (killedAt(stage, node, WHOLE)) {
        flows.assertDenied("killed at stage " + stage);
        bed.apply(WHOLE);
        flows.assertAllowedIsSeen();
        flows.assertDenied("finished after stage " + stage);
        bed.destroy();
        flows.assertDenied("destroyed after stage " + stage);
        stage++;
      }
      assertThat(stage).as("stages of a first apply").isGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void aChangeOfPolicyOpensNothingWhereverItIsKilled(Node node) throws IOException {
    Bed bed = Bed.on(node);
    try (DeniedFlows flows = new DeniedFlows(node, WHOLE)) {
      bed.apply(WHOLE);
      int stage = 0;
      while (killedAt(stage, node, stage % 2 == 0 ? CHANGED : WHOLE)) {
        flows.assertDenied("killed at stage " + stage);
        bed.apply(stage % 2 == 0 ? CHANGED : WHOLE);
        flows.assertAllowedIsSeen();
        flows.assertDenied("finished after stage " + stage);
        stage++;
      }
      assertThat(stage).as("stages of a change").isGreaterThanOrEqualTo(4);
    }
  }

  @Test
  void anEndpointThatIsAddedIsClosedWhereverThatIsKilled(Node node) throws IOException {
    String without =
        Bed.without("c").replaceAll("netns: (.)\n", "netns: $1\n      labels: {app: $1}\n");
    Bed bed = Bed.on(node);
    try (DeniedFlows flows = new DeniedFlows(node, WHOLE)) {
      bed.apply(without + POLICIES);
      int stage = 0;
      while (killedAt(stage, node, WHOLE)) {
        flows.assertDenied("killed at stage " + stage);
        bed.apply(stage % 2 == 0 ? WHOLE : without + POLICIES);
        flows.assertAllowedIsSeen();
        flows.assertDenied("finished after stage " + stage);
        bed.apply(without + POLICIES);
        stage++;
      }
      assertThat(stage).as("stages of an addition").isGreaterThanOrEqualTo(6);
    }
  }
}
