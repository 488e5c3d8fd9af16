package dev.sluice.core.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;

/** poll(2) of one descriptor, signals retried. */
final class Poll {

  private static final short POLLIN = 1;

  private Poll() {}

  /** Waits until something (data or an error) can be read; false at the deadline, in nanoTime. */
  static boolean readable(Fd fd, long deadline) {
    byte[] pollfd =
        ByteBuffer.allocate(8)
            .order(ByteOrder.nativeOrder())
            .putInt(fd.number())
            .putShort(POLLIN)
            .array();
    while (true) {
      long left = Math.max(0, deadline - System.nanoTime());
      // Rounded up: a wait that ends early would spin.
      int millis = (int) Math.min(Integer.MAX_VALUE, TimeUnit.NANOSECONDS.toMillis(left + 999_999));
      int ready = Libc.poll(pollfd, 1, millis);
      if (ready >= 0) {
        return ready > 0;
      }
      if (Libc.errno() != Errno.EINTR) {
        Libc.check(ready, "poll", fd);
      }
    }
  }
}
