package dev.sluice.core.netlink;

import dev.sluice.core.netlink.codec.ByteView;
import dev.sluice.core.netlink.codec.NetlinkDecodeException;
import dev.sluice.core.netlink.codec.NetlinkMessage;
import dev.sluice.core.sys.Errno;
import dev.sluice.core.sys.SyscallException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.IntPredicate;

/**
 * The messages that answer one send: those of the kernel with an expected sequence number. What is
 * left over from a request given up earlier, or comes from another process, is read over; only so
 * much of it, so that a caller never listens for ever.
 */
final class Answers {

  private static final int MAX_STRAY = 4096;
  private static final int BUFFER = 64 * 1024;

  private final Transport transport;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private final Queue<NetlinkMessage> pending = new ArrayDeque<>();
  private int strays;

  Answers(Transport transport) {
    this.transport = transport;
  }

  /** Forgets what is left of the last datagram, and starts to count strays anew. */
  void reset() {
    pending.clear();
    strays = 0;
  }

  /** The next message whose sequence number is expected. {@code request} is named in errors. */
  NetlinkMessage next(Request request, IntPredicate expected) {
    while (true) {
      NetlinkMessage message = pending.poll();
      if (message == null) {
        receive(request);
      } else if (message.type() == NetlinkMessage.OVERRUN) {
        throw new NetlinkOverrunException(request);
      } else if (expected.test(message.sequence()) && message.type() != NetlinkMessage.NOOP) {
        return message;
      } else {
        stray(request);
      }
    }
  }

  private void receive(Request request) {
    int sender;
    try {
      sender = transport.receive(buffer);
    } catch (SyscallException e) {
      if (e.errno().is(Errno.ENOBUFS)) {
        throw new NetlinkOverrunException(request);
      }
      if (e.errno().is(Errno.EAGAIN)) {
        throw new NetlinkTimeoutException(request);
      }
      throw e;
    }
    byte[] datagram = new byte[buffer.remaining()];
    buffer.get(datagram);
    if (sender != 0 || datagram.length == 0) {
      stray(request);
      return;
    }
    pending.addAll(NetlinkMessage.parse(ByteView.of(datagram)));
  }

  /** Notes a message that is read over; fails if there were too many since {@link #reset}. */
  void stray(Request request) {
    strays++;
    if (strays > MAX_STRAY) {
      throw new NetlinkDecodeException(
          request + ": " + MAX_STRAY + " messages came, and none that answers it");
    }
  }
}
