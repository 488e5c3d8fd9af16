package dev.sluice.core.netlink;

import java.nio.ByteBuffer;

/** Moves datagrams to and from the kernel; in a unit test the kernel is a function behind it. */
public interface Transport extends AutoCloseable {

  /** Sends the remaining bytes as one datagram. */
  void send(ByteBuffer datagram);

  /**
   * Receives one datagram into {@code into}, from position to limit when this returns, and returns
   * the sender's port, 0 for the kernel. Fails with a {@link dev.sluice.core.sys.SyscallException}:
   * EAGAIN if none comes in time, ENOBUFS if some were lost.
   */
  int receive(ByteBuffer into);

  @Override
  void close();
}
