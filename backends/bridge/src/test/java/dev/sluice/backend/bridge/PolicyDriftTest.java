package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.core.sys.Netns;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.NodeSnapshot;
import dev.sluice.testkit.Shell;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What somebody changes by hand of what enforces policy is seen, mended, and leaves nothing open.
 */
@ExtendWith(NodeExtension.class)
@Timeout(60)
class PolicyDriftTest {

  /** Of a and b only b reaches c. */
  private static final String POLICED =
      Bed.TOPOLOGY.replace("netns: c\n", "netns: c\n      labels: {app: c}\n")
          + """
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: c}
          spec:
            podSelector: {matchLabels: {app: c}}
            policyTypes: [Ingress, Egress]
            ingress: [{from: [{ipBlock: {cidr: 10.0.1.3/32}}]}]
          """;

  /** Isolated, and free to send whatever it likes. */
  private static final String ISOLATED_TOO =
      POLICED.replace("netns: a\n", "netns: a\n      labels: {app: a}\n")
          + """
          ---
          apiVersion: networking.k8s.io/v1
          kind: NetworkPolicy
          metadata: {name: a}
          spec: {podSelector: {matchLabels: {app: a}}, egress: [{}]}
          """;

  private static final int REPAIRS = 25;
  private static final int CHANGES = 60;

  private static final InetSocketAddress C = new InetSocketAddress("10.0.2.2", 7000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nft flush ruleset",
        "nft delete table inet sluice-bed",
        "nft flush chain inet sluice-bed forward",
        "nft flush chain inet sluice-bed admit",
        "nft insert rule inet sluice-bed judge/connection accept",
        "nft insert rule inet sluice-bed input accept",
        "nft flush map inet sluice-bed by-address/ingress/v4",
        "ip link set $BRIDGE type bridge nf_call_iptables 0",
        "ip link set $BRIDGE type bridge nf_call_ip6tables 0"
      })
  void isMended(String damage, Node node) throws IOException {
    Bed bed = Bed.on(node);
    NodeSnapshot before = NodeSnapshot.of(node);
    bed.apply(POLICED);
    bed.node(damage.replace("$BRIDGE", Bed.redBridge()));
    assertThat(bed.topologies().plan(Bed.declared(POLICED)).steps()).isNotEmpty();
    bed.apply(POLICED);
    assertThat(bed.topologies().plan(Bed.declared(POLICED)).steps()).isEmpty();
    try (DatagramChannel server = in(node, "c").bind(C);
        DatagramChannel denied = in(node, "a");
        DatagramChannel allowed = in(node, "b")) {
      send(denied, 3);
      assertOnlyTheAllowedArrives(server, allowed);
    }
    bed.destroy();
    before.assertUnchanged(node);
  }

  /** It bears the mark of a policy that is in force again, by which nobody judged it. */
  @Test
  void aFlowThatWasAdmittedMeanwhileIsJudgedAgain(Node node) throws IOException {
    Bed bed = Bed.on(node);
    bed.apply(POLICED);
    try (DatagramChannel server = in(node, "c").bind(C);
        DatagramChannel denied = in(node, "a");
        DatagramChannel allowed = in(node, "b")) {
      String chain =
          Shell.inNode(
                  node, "nft list table inet sluice-bed | grep -o 'chain connection/ingress/[^ ]*'")
              .orFail()
              .strip();
      bed.node("nft insert rule inet sluice-bed " + chain.replace("chain ", "") + " goto admit");
      send(denied, 1);
      receive(server);
      bed.apply(POLICED);
      send(denied, 20);
      assertOnlyTheAllowedArrives(server, allowed);
    }
  }

  /** Not even while one table takes the place of the other. */
  @Test
  void whileATableIsReplacedNothingPasses(Node node) throws Exception {
    Bed bed = Bed.on(node);
    nothingPassesWhile(
        node,
        bed,
        () -> {
          for (int i = 0; i < REPAIRS; i++) {
            bed.node("nft add chain inet sluice-bed strange");
            bed.apply(POLICED);
          }
        });
  }

  /** Nor while it is being found that a is to be judged by a chain that is new. */
  @Test
  void whileAnEndpointIsIsolatedNothingPasses(Node node) throws Exception {
    Bed bed = Bed.on(node);
    nothingPassesWhile(
        node,
        bed,
        () -> {
          for (int i = 0; i < CHANGES; i++) {
            bed.apply(ISOLATED_TOO);
            bed.apply(POLICED);
          }
        });
  }

  /** a sends all the time. */
  private static void nothingPassesWhile(Node node, Bed bed, Runnable changes) throws Exception {
    bed.apply(POLICED);
    try (DatagramChannel server = in(node, "c").bind(C);
        DatagramChannel denied = in(node, "a");
        DatagramChannel allowed = in(node, "b")) {
      CountDownLatch end = new CountDownLatch(1);
      FutureTask<Void> sending =
          new FutureTask<>(
              () -> {
                while (end.getCount() > 0) {
                  send(denied, 1);
                }
                return null;
              });
      new Thread(sending, "denied sender").start();
      changes.run();
      end.countDown();
      sending.get();
      assertOnlyTheAllowedArrives(server, allowed);
    }
  }

  private static DatagramChannel in(Node node, String endpoint) {
    try (Netns netns = Netns.open(node.published(endpoint))) {
      return netns.call(DatagramChannel::open);
    }
  }

  private static void send(DatagramChannel from, int packets) throws IOException {
    for (int i = 0; i < packets; i++) {
      from.send(ByteBuffer.allocate(1), C);
    }
  }

  private static InetSocketAddress receive(DatagramChannel server) throws IOException {
    return (InetSocketAddress) server.receive(ByteBuffer.allocate(1));
  }

  /** What was sent before it would have come before it. */
  private static void assertOnlyTheAllowedArrives(DatagramChannel server, DatagramChannel allowed)
      throws IOException {
    send(allowed, 1);
    assertThat(receive(server).getAddress().getHostAddress()).isEqualTo("10.0.1.3");
  }
}
