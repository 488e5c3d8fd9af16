package dev.sluice.core.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Raw sockets, of whatever namespaces, that one thread waits for together: poll(2). Does not own
 * them; none of them may be closed while this is in use.
 */
public final class RawSocketGroup {

  private static final int POLLFD = 8;
  private static final int REVENTS_AT = 6;
  private static final short POLLIN = 1;

  private final List<RawSocket> sockets;
  private final byte[] descriptors;

  public RawSocketGroup(List<RawSocket> sockets) {
    this.sockets = List.copyOf(sockets);
    ByteBuffer out =
        ByteBuffer.allocate(POLLFD * this.sockets.size()).order(ByteOrder.nativeOrder());
    this.sockets.forEach(s -> out.putInt(s.number()).putShort(POLLIN).putShort((short) 0));
    this.descriptors = out.array();
  }

  /** Those that can be received from at once; waits for the first at most so long. */
  public List<RawSocket> readable(Duration timeout) {
    int ready = Libc.poll(descriptors, sockets.size(), (int) Math.min(timeout.toMillis(), 60_000));
    if (ready < 0) {
      if (Libc.errno() == Errno.EINTR) {
        return List.of();
      }
      Libc.check(ready, "poll", sockets.size() + " raw sockets");
    }
    ByteBuffer in = ByteBuffer.wrap(descriptors).order(ByteOrder.nativeOrder());
    List<RawSocket> readable = new ArrayList<>(ready);
    for (int i = 0; i < sockets.size() && readable.size() < ready; i++) {
      if (in.getShort(i * POLLFD + REVENTS_AT) != 0) {
        readable.add(sockets.get(i));
      }
    }
    return readable;
  }
}
