package dev.sluice.testkit;

import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Ipv4;
import dev.sluice.core.packet.Layer4;
import dev.sluice.core.packet.MalformedPacketException;
import dev.sluice.core.packet.Sctp;
import dev.sluice.core.sys.RawSocket;
import dev.sluice.core.sys.Received;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Hears what SCTP a namespace gets for its own addresses, whether its kernel has SCTP sockets or
 * not; and also where a link hands packets on without showing them to packet sockets, as an ipvlan
 * does in mode l3s.
 */
final class SctpEar implements AutoCloseable {

  private final RawSocket socket;
  private final boolean v6;

  private SctpEar(RawSocket socket, boolean v6) {
    this.socket = socket;
    this.v6 = v6;
  }

  static SctpEar in(Node node, NetnsRef where, boolean v6) {
    return new SctpEar(Shell.call(node, where, () -> RawSocket.ip(v6, Sctp.PROTOCOL, false)), v6);
  }

  /** The next segment that is wanted; empty if none has come by the timeout. */
  Optional<Sctp> await(Predicate<Sctp> wanted, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Optional<Received> received = socket.receive(left);
      if (received.isEmpty()) {
        return Optional.empty();
      }
      Optional<Sctp> segment = decode(received.get().data()).filter(wanted);
      if (segment.isPresent()) {
        return segment;
      }
    }
  }

  private Optional<Sctp> decode(byte[] data) {
    try {
      Layer4 payload = v6 ? Layer4.decode(Sctp.PROTOCOL, data) : Ipv4.decode(data).payload();
      return payload instanceof Sctp sctp ? Optional.of(sctp) : Optional.empty();
    } catch (MalformedPacketException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
