package dev.sluice.core.check;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.sys.Netns;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.Received;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tells when nothing that was sent before is still under way, without waiting for time to pass. On
 * its way between namespaces of one machine a packet waits in one place only, the backlog of the
 * CPU that sent it: veth, macvlan and ipvlan queue it there and so does loopback ({@code netif_rx}
 * in {@code net/core/dev.c}), and each backlog is worked off in order. So a packet on loopback that
 * was sent after others and has arrived shows that they have left the backlog: they have been
 * received, or dropped, or have gone one link further and wait there again. As many packets as
 * there can be links to pass, one after another, show that they have come to their end.
 *
 * <p>That holds for what the calling thread sent on the CPU that it still runs on, where no
 * queueing discipline and no wire is on the way. A neighbour that must be asked for first is a few
 * links more; one whose answer is lost is not waited for.
 */
final class Barrier implements AutoCloseable {

  /** For experiments (RFC 3692): nobody listens. */
  private static final int PROTOCOL = 253;

  private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");

  /**
   * Four ways, of a neighbour's question and answer, the packet and its answer; four links each.
   */
  private static final int LINKS = 16;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final RawSocket socket;
  private final Netns netns;
  private long last = ThreadLocalRandom.current().nextLong();

  /** {@code netns}: one whose {@code lo} is up. */
  Barrier(Netns netns) {
    this.netns = netns;
    this.socket = netns.call(() -> RawSocket.ip(false, PROTOCOL, false));
  }

  /** Returns when what this thread sent before has come to its end. */
  void await() {
    for (int i = 0; i < LINKS; i++) {
      pass();
    }
  }

  private void pass() {
    last++;
    socket.sendTo(ByteBuffer.allocate(Long.BYTES).putLong(last).array(), LOOPBACK);
    long number;
    do {
      Optional<Received> received = socket.receive(PATIENCE);
      if (received.isEmpty()) {
        throw new SluiceException(
            Category.ENVIRONMENT,
            "a packet to %s in %s has not arrived within %d s; is lo down there?"
                .formatted(LOOPBACK, netns, PATIENCE.toSeconds()));
      }
      // Behind the IP header; another barrier of the same namespace may be further on.
      byte[] data = received.get().data();
      number = ByteBuffer.wrap(data).getLong(data.length - Long.BYTES);
    } while (number != last);
  }

  @Override
  public void close() {
    socket.close();
  }
}
