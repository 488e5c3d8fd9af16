package dev.sluice.core.sys;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import dev.sluice.core.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * A socket that sends and receives whole packets: raw(7), or packet(7). It belongs to the namespace
 * of the thread that made it and may be used from any; one sender and one receiver at a time.
 */
public final class RawSocket implements AutoCloseable {

  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IP_HDRINCL = 3;
  private static final int IPV6_HDRINCL = 36;
  private static final int SO_ATTACH_FILTER = 26;
  private static final int MAX_PACKET = 65536 + 64;

  private final Fd fd;
  private final String description;
  private final Memory out = new Memory(MAX_PACKET);
  private final Memory in = new Memory(MAX_PACKET);

  private RawSocket(int domain, int protocol, String description) {
    this.description = description;
    this.fd =
        new Fd(
            Libc.check(
                Libc.socket(domain, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, protocol),
                "socket",
                description));
  }

  /**
   * A raw socket of an IP protocol. It receives behind every filter of the namespace.
   *
   * @param protocol an IP protocol number; 255 only sends
   * @param headerIncluded whether the caller writes the IP header itself
   */
  public static RawSocket ip(boolean v6, int protocol, boolean headerIncluded) {
    RawSocket socket =
        new RawSocket(
            v6 ? Libc.AF_INET6 : Libc.AF_INET,
            protocol,
            "raw " + (v6 ? "IPv6" : "IPv4") + " protocol " + protocol);
    return socket.configured(
        () -> {
          if (v6) {
            socket.setOption(IPPROTO_IPV6, IPV6_HDRINCL, headerIncluded ? 1 : 0);
          } else {
            socket.setOption(IPPROTO_IP, IP_HDRINCL, headerIncluded ? 1 : 0);
          }
        });
  }

  /**
   * A packet socket on one interface, sent and received from the Ethernet header on, before every
   * filter but those of tc and XDP.
   *
   * @param ifindex 0 for all interfaces, which then only receives or names one when sending
   * @param etherType 3 (ETH_P_ALL) for every type
   */
  public static RawSocket packet(int ifindex, int etherType) {
    // Protocol 0 receives nothing: a packet of another interface cannot slip in before the bind.
    RawSocket socket = new RawSocket(Libc.AF_PACKET, 0, "packet socket on ifindex " + ifindex);
    return socket.configured(() -> socket.bind(SocketAddresses.link(ifindex, etherType)));
  }

  private RawSocket configured(Runnable setup) {
    try {
      setup.run();
      return this;
    } catch (SyscallException e) {
      close();
      throw e;
    }
  }

  /** setsockopt(2) of an option whose value is an int. */
  public void setOption(int level, int name, int value) {
    byte[] bytes =
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
    Libc.check(
        Libc.setsockopt(fd.number(), level, name, bytes, bytes.length),
        "setsockopt " + level + "/" + name,
        description);
  }

  /**
   * Lets a classic BPF program decide what is received (SO_ATTACH_FILTER, {@code
   * Documentation/networking/filter.rst}); it sees what {@link #receive} would return.
   *
   * @param program instructions, each as code, jt, jf and k packed from the high bits down
   */
  public void attachFilter(long... program) {
    try (Memory instructions = new Memory((long) program.length * Long.BYTES)) {
      for (int i = 0; i < program.length; i++) {
        long at = (long) i * Long.BYTES;
        instructions.setShort(at, (short) (program[i] >>> 48));
        instructions.setByte(at + 2, (byte) (program[i] >>> 40));
        instructions.setByte(at + 3, (byte) (program[i] >>> 32));
        instructions.setInt(at + 4, (int) program[i]);
      }
      // struct sock_fprog: the count, padding, the pointer.
      byte[] fprog =
          ByteBuffer.allocate(2 * Long.BYTES)
              .order(ByteOrder.nativeOrder())
              .putShort(0, (short) program.length)
              .putLong(Long.BYTES, Pointer.nativeValue(instructions))
              .array();
      Libc.check(
          Libc.setsockopt(fd.number(), Libc.SOL_SOCKET, SO_ATTACH_FILTER, fprog, fprog.length),
          "setsockopt SO_ATTACH_FILTER",
          description);
    }
  }

  private void bind(byte[] address) {
    Libc.check(Libc.bind(fd.number(), address, address.length), "bind", description);
  }

  /** Sends one packet of an IP socket; returns the bytes sent. */
  public int sendTo(byte[] packet, IpAddress to) {
    return send(packet, SocketAddresses.ip(to), to);
  }

  /** Sends one Ethernet frame of a packet socket out of an interface; returns the bytes sent. */
  public int sendTo(byte[] frame, int ifindex) {
    return send(frame, SocketAddresses.link(ifindex, 0), "ifindex " + ifindex);
  }

  private int send(byte[] packet, byte[] address, Object to) {
    synchronized (out) {
      out.write(0, packet, 0, packet.length);
      return (int)
          Libc.check(
              Libc.sendto(fd.number(), out, packet.length, 0, address, address.length),
              "send to",
              to);
    }
  }

  /** The next packet; empty if none has come by the timeout. */
  public Optional<Received> receive(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    synchronized (in) {
      while (true) {
        if (!Poll.readable(fd, deadline)) {
          return Optional.empty();
        }
        byte[] address = new byte[SocketAddresses.MAX];
        long length =
            Libc.recvfrom(
                fd.number(),
                in,
                MAX_PACKET,
                Libc.MSG_DONTWAIT,
                address,
                new int[] {SocketAddresses.MAX});
        if (length >= 0) {
          return Optional.of(
              new Received(in.getByteArray(0, (int) length), SocketAddresses.source(address)));
        }
        // A packet whose checksum is wrong is dropped between poll and recvfrom.
        if (Libc.errno() != Errno.EAGAIN && Libc.errno() != Errno.EINTR) {
          Libc.check(length, "receive from", description);
        }
      }
    }
  }

  /** The descriptor, for {@link RawSocketGroup}. */
  int number() {
    return fd.number();
  }

  /** Closes the socket; waits for a send or receive under way. */
  @Override
  public void close() {
    synchronized (in) {
      synchronized (out) {
        fd.close();
        in.close();
        out.close();
      }
    }
  }
}
