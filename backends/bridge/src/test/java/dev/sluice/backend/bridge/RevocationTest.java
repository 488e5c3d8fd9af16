package dev.sluice.backend.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.node.Node;
import dev.sluice.core.sys.Netns;
import dev.sluice.testkit.NodeExtension;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A flow that a changed policy denies ends, however busy it is while the policy changes. */
@ExtendWith(NodeExtension.class)
@Timeout(120)
class RevocationTest {

  private static final int CHANGES = 6;
  private static final long PACE_NANOS = 50_000;

  /**
   * So many that the kernel takes milliseconds to take one of them away: it looks into what was
   * there before for as long as that lasts, and by the new rules.
   */
  private static final int RULES = 2_000;

  private static final InetSocketAddress[] SERVERS = {
    new InetSocketAddress("10.0.2.2", 7000), new InetSocketAddress("10.0.2.2", 7100)
  };

  /** What lets a in at one of the two ports is the last that the kernel has got. */
  private static String policy(int open) {
    StringBuilder out = new StringBuilder(Bed.TOPOLOGY);
    out.append(
        """
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: many}
        spec:
          podSelector: {}
          policyTypes: [Ingress]
          ingress:
            - {from: [{ipBlock: {cidr: 10.0.1.2/31}}], ports: [{protocol: UDP, port: %d, endPort: %d}]}
        """
            .formatted(SERVERS[open].getPort(), SERVERS[open].getPort() + 9));
    for (int i = 0; i < RULES; i++) {
      out.append(
              "    - {from: [{ipBlock: {cidr: 10.%d.%d.0/25}}], ".formatted(64 + i / 256, i % 256))
          .append("ports: [{protocol: UDP, port: %d, endPort: %d}]}\n".formatted(100 + i, 300 + i));
    }
    return out.toString();
  }

  @Test
  void aBusyFlowEndsWithTheChangeThatDeniesIt(Node node) throws Exception {
    Bed bed = Bed.on(node);
    bed.apply(policy(0));
    try (DatagramChannel first = server(node, 0);
        DatagramChannel second = server(node, 1)) {
      DatagramChannel[] servers = {first, second};
      for (int i = 0; i < CHANGES; i++) {
        int closing = i % 2;
        int opening = 1 - closing;
        try (DatagramChannel busy = client(node);
            DatagramChannel other = client(node)) {
          Sender sender = new Sender(busy, SERVERS[closing]);
          receive(servers[closing]);
          bed.apply(policy(opening));
          sender.end();

          // Whatever is under way arrives before what is sent later.
          pass(other, SERVERS[opening], servers[opening]);
          drain(servers[closing]);
          for (int j = 0; j < 20; j++) {
            busy.send(ByteBuffer.allocate(1), SERVERS[closing]);
          }
          pass(other, SERVERS[opening], servers[opening]);
          assertThat(drain(servers[closing])).as("packets after change %d", i).isZero();
        }
      }
    }
  }

  private static DatagramChannel server(Node node, int number) throws IOException {
    return in(node, "c").bind(SERVERS[number]);
  }

  private static DatagramChannel client(Node node) {
    return in(node, "a");
  }

  private static DatagramChannel in(Node node, String endpoint) {
    try (Netns netns = Netns.open(node.published(endpoint))) {
      return netns.call(DatagramChannel::open);
    }
  }

  private static void pass(DatagramChannel client, SocketAddress to, DatagramChannel server)
      throws IOException {
    client.send(ByteBuffer.allocate(1), to);
    receive(server);
  }

  private static void receive(DatagramChannel server) throws IOException {
    server.configureBlocking(true);
    server.receive(ByteBuffer.allocate(1));
  }

  /** Takes what has come; returns how many that were. */
  private static int drain(DatagramChannel server) throws IOException {
    server.configureBlocking(false);
    int count = 0;
    while (server.receive(ByteBuffer.allocate(1)) != null) {
      count++;
    }
    return count;
  }

  /** Sends again and again until told to end. */
  private static final class Sender {
    private final CountDownLatch end = new CountDownLatch(1);
    private final FutureTask<Void> work;

    Sender(DatagramChannel from, SocketAddress to) {
      work =
          new FutureTask<>(
              () -> {
                while (end.getCount() > 0) {
                  from.send(ByteBuffer.allocate(1), to);
                  LockSupport.parkNanos(PACE_NANOS);
                }
                return null;
              });
      Thread thread = new Thread(work, "sender");
      thread.setDaemon(true);
      thread.start();
    }

    void end() throws Exception {
      end.countDown();
      work.get();
    }
  }
}
