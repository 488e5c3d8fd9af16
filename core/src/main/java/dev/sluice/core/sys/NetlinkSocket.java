package dev.sluice.core.sys;

import com.sun.jna.Memory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;

/**
 * A netlink(7) socket of the calling thread's namespace, usable from any thread, by one at a time.
 * It moves datagrams and knows nothing of what they say.
 */
public final class NetlinkSocket implements AutoCloseable {

  private static final int SO_RCVBUF = 8;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_RCVBUFFORCE = 33;
  private static final int SO_NETNS_COOKIE = 71;

  /** The kernel fills at most 32 KiB of a dump into one datagram. */
  private static final int BUFFER = 64 * 1024;

  private final Fd fd;
  private final String description;
  private final Memory out = new Memory(BUFFER);
  private final Memory in = new Memory(BUFFER);
  private final byte[] sender = new byte[SocketAddresses.MAX];
  private final int[] senderLength = new int[1];

  private NetlinkSocket(int protocol) {
    this.description = "netlink protocol " + protocol;
    this.fd =
        new Fd(
            Libc.check(
                Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol),
                "socket",
                description));
  }

  /** A socket of a netlink family (0 is NETLINK_ROUTE), bound to a port that the kernel chooses. */
  public static NetlinkSocket open(int protocol) {
    NetlinkSocket socket = new NetlinkSocket(protocol);
    try {
      byte[] address = SocketAddresses.netlink(0);
      Libc.check(
          Libc.bind(socket.fd.number(), address, address.length), "bind", socket.description);
      return socket;
    } catch (SyscallException e) {
      socket.close();
      throw e;
    }
  }

  /** setsockopt(2) of an option whose value is an int. */
  public void setOption(int level, int name, int value) {
    byte[] bytes =
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
    setOption(level, name, bytes);
  }

  private void setOption(int level, int name, byte[] bytes) {
    Libc.check(
        Libc.setsockopt(fd.number(), level, name, bytes, bytes.length),
        "setsockopt " + level + "/" + name,
        description);
  }

  /**
   * Asks for room for {@code bytes} of unread answers; without CAP_NET_ADMIN the system's limit
   * (net.core.rmem_max) may give less.
   */
  public void receiveBuffer(int bytes) {
    try {
      setOption(Libc.SOL_SOCKET, SO_RCVBUFFORCE, bytes);
    } catch (SyscallException e) {
      if (!e.errno().is(Errno.EPERM)) {
        throw e;
      }
      setOption(Libc.SOL_SOCKET, SO_RCVBUF, bytes);
    }
  }

  /** How long {@link #receive} waits before it fails with EAGAIN. */
  public void receiveTimeout(Duration timeout) {
    setOption(
        Libc.SOL_SOCKET,
        SO_RCVTIMEO,
        ByteBuffer.allocate(2 * Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(timeout.toSeconds())
            .putLong(timeout.toNanosPart() / 1000)
            .array());
  }

  /** The number of the socket's namespace, never used again until the next boot (Linux 5.14). */
  public long netnsCookie() {
    byte[] cookie = new byte[Long.BYTES];
    Libc.check(
        Libc.getsockopt(
            fd.number(), Libc.SOL_SOCKET, SO_NETNS_COOKIE, cookie, new int[] {cookie.length}),
        "getsockopt SO_NETNS_COOKIE",
        description);
    return ByteBuffer.wrap(cookie).order(ByteOrder.nativeOrder()).getLong();
  }

  /** Sends the remaining bytes as one datagram to the kernel. */
  public void send(ByteBuffer datagram) {
    int length = datagram.remaining();
    if (length > BUFFER) {
      throw new IllegalArgumentException("a datagram of " + length + " bytes");
    }
    out.getByteBuffer(0, length).put(datagram);
    byte[] kernel = SocketAddresses.netlink(0);
    long sent;
    do {
      sent = Libc.sendto(fd.number(), out, length, 0, kernel, kernel.length);
    } while (sent == -1 && Libc.errno() == Errno.EINTR);
    Libc.check(sent, "send to", description);
  }

  /**
   * Receives one datagram into {@code into}, which is cleared first and then holds it from its
   * position to its limit. Returns the sender's port; the kernel's is 0.
   *
   * @throws SyscallException EAGAIN at the timeout; ENOBUFS if datagrams were lost since the last
   *     call; EMSGSIZE if the datagram is longer than {@code into}, and lost
   */
  public int receive(ByteBuffer into) {
    into.clear();
    int room = Math.min(into.remaining(), BUFFER);
    long length;
    do {
      senderLength[0] = sender.length;
      length = Libc.recvfrom(fd.number(), in, room, Libc.MSG_TRUNC, sender, senderLength);
    } while (length == -1 && Libc.errno() == Errno.EINTR);
    Libc.check(length, "receive from", description);
    if (length > room) {
      throw new SyscallException("receive from", description, Errno.of(Errno.EMSGSIZE));
    }
    into.put(in.getByteBuffer(0, length)).flip();
    return SocketAddresses.netlinkPort(sender);
  }

  @Override
  public void close() {
    fd.close();
    in.close();
    out.close();
  }
}
