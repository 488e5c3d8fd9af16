package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.bpf.ObjectFile;
import dev.sluice.bpf.lib.AttachType;
import dev.sluice.bpf.lib.BpfAttachment;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.bpf.lib.BpfProgram;
import dev.sluice.bpf.lib.OpenObject;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.node.Node;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.testkit.NodeExtension;
import dev.sluice.testkit.Shell;
import dev.sluice.testkit.TestTopologies;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The device of a wire has a program of somebody else's: it stays and sees what it saw, whether it
 * was there before ours or came later, and ours judges all the same.
 */
@ExtendWith(NodeExtension.class)
@Timeout(60)
class ForeignProgramTest {

  private static final String TOPOLOGY =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: wired}
      spec:
        networks:
          - {name: red, subnets: [10.0.1.0/24], parent: up0, gateway: 10.0.1.1}
        endpoints:
          - name: open
            netns: open
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2]}]
          - name: closed
            netns: closed
            labels: {to: nobody}
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.3]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: closed}
      spec: {podSelector: {matchLabels: {to: nobody}}, policyTypes: [Ingress]}
      """;

  /** Another program, at what comes in by up0. */
  private record Foreign(OpenObject object, BpfAttachment at) implements AutoCloseable {

    static Foreign attach(Node node) {
      OpenObject object = OpenObject.open("foreign", ObjectFile.read("foreign"));
      object.load();
      return node.netns()
          .call(
              () -> {
                try (RouteSocket route = RouteSocket.open();
                    BpfProgram program = object.program("watch")) {
                  int index = route.link("up0").orElseThrow().index();
                  return new Foreign(
                      object, BpfAttachment.create(program, index, AttachType.TCX_INGRESS));
                }
              });
    }

    long seen() {
      try (BpfMap map = object.loadedMap("seen")) {
        byte[] value = map.lookup(new byte[Integer.BYTES]).orElseThrow();
        return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getLong();
      }
    }

    boolean isAttached() {
      return at.info().ifindex() != 0;
    }

    @Override
    public void close() {
      at.close();
      object.close();
    }
  }

  private static void connect(Node node) {
    Shell.inNode(
            node,
            """
            set -e
            touch %1$s
            unshare --net=%1$s true
            ip link add up0 type veth peer name eth0 netns /proc/self/fd/3 3<%1$s
            ip link set up0 up
            nsenter --net=%1$s ip link set eth0 up
            nsenter --net=%1$s ip addr add 10.0.1.1/24 dev eth0
            """
                .formatted(node.published("router")))
        .orFail();
  }

  private static boolean answers(Node node, String to) {
    return Shell.inNode(
                node,
                "nsenter --net=%s ping -n -c 2 -i 0.2 -W 1 %s"
                    .formatted(node.published("router"), to))
            .status()
        == 0;
  }

  private static void assertJudges(Node node) {
    assertThat(answers(node, "10.0.1.2")).isTrue();
    assertThat(answers(node, "10.0.1.3")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void staysAndOursJudgesAllTheSame(boolean before, Node node) {
    connect(node);
    Topologies topologies = TestTopologies.on(node, new EbpfDatapath());
    if (!before) {
      topologies.apply(TestTopologies.declared(new EbpfDatapath(), TOPOLOGY));
    }
    try (Foreign foreign = Foreign.attach(node)) {
      if (before) {
        topologies.apply(TestTopologies.declared(new EbpfDatapath(), TOPOLOGY));
      }
      assertJudges(node);
      assertThat(topologies.status()).singleElement().matches(s -> s.drift() == 0);
      // What ours has handed over does not go on to those behind it.
      if (before) {
        assertThat(foreign.seen()).isGreaterThanOrEqualTo(4);
      }
      long until = foreign.seen();
      topologies.destroy("wired");
      assertThat(foreign.isAttached()).isTrue();
      answers(node, "10.0.1.2");
      assertThat(foreign.seen()).isGreaterThan(until);
    }
  }
}
