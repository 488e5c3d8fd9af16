package dev.sluice.bench.workload;

import dev.sluice.core.sys.Netns;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** Sockets in namespaces, of the family of the address that they are for. */
public final class Sockets {

  private Sockets() {}

  interface Work<T> {
    T run() throws IOException;
  }

  /**
   * Runs {@code work} on a thread inside {@code netns}, which runs on the CPUs of this one: a
   * socket belongs for ever to the namespace of the thread that opens it.
   */
  static <T> T inside(Netns netns, Work<T> work) throws IOException {
    try {
      return netns.call(
          () -> {
            try {
              return work.run();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  /** Listens at the server, at its own port. */
  static ServerSocketChannel listen(Endpoints endpoints) throws IOException {
    return listen(endpoints, endpoints.tcpPort(), 0);
  }

  /**
   * Listens at the server. {@code port} 0: where the kernel chooses; {@code backlog} 0: as usual.
   */
  static ServerSocketChannel listen(Endpoints endpoints, int port, int backlog) throws IOException {
    return listen(endpoints.server(), address(endpoints, port), backlog);
  }

  /** Listens at {@code address} of {@code netns}; its port and {@code backlog} may be 0 too. */
  public static ServerSocketChannel listen(Netns netns, InetSocketAddress address, int backlog)
      throws IOException {
    return inside(
        netns,
        () -> {
          ServerSocketChannel channel = ServerSocketChannel.open(family(address));
          try {
            channel.bind(address, backlog);
            return channel;
          } catch (IOException e) {
            channel.close();
            throw e;
          }
        });
  }

  /**
   * Connects from {@code netns}; small writes go out at once (TCP_NODELAY).
   *
   * @throws IOException if no connection stands after {@code timeout}
   */
  public static SocketChannel connect(Netns netns, InetSocketAddress address, Duration timeout)
      throws IOException {
    return inside(
        netns,
        () -> {
          SocketChannel channel = SocketChannel.open(family(address));
          try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(address, (int) timeout.toMillis());
            return channel;
          } catch (IOException e) {
            channel.close();
            throw e;
          }
        });
  }

  /** Receives datagrams at the server. {@code port} 0: where the kernel chooses. */
  static DatagramChannel receive(Endpoints endpoints, int port) throws IOException {
    return receive(endpoints.server(), address(endpoints, port));
  }

  /** Receives datagrams at {@code address} of {@code netns}; its port may be 0 too. */
  static DatagramChannel receive(Netns netns, InetSocketAddress address) throws IOException {
    return inside(
        netns,
        () -> {
          DatagramChannel channel = DatagramChannel.open(family(address));
          try {
            channel.bind(address);
            return channel;
          } catch (IOException e) {
            channel.close();
            throw e;
          }
        });
  }

  private static InetSocketAddress address(Endpoints endpoints, int port) {
    return new InetSocketAddress(endpoints.serverAddress().toInetAddress(), port);
  }

  static ProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  static ProtocolFamily family(Endpoints endpoints) {
    return endpoints.serverAddress().isV4()
        ? StandardProtocolFamily.INET
        : StandardProtocolFamily.INET6;
  }

  /** Reads one byte. */
  static byte readByte(SocketChannel channel, ByteBuffer buffer) throws IOException {
    buffer.clear();
    if (channel.read(buffer) < 1) {
      throw new EOFException("the other end closed the connection");
    }
    return buffer.get(0);
  }

  static void writeByte(SocketChannel channel, ByteBuffer buffer, byte value) throws IOException {
    buffer.clear().put(0, value);
    channel.write(buffer);
  }

  /** Fills {@code buffer}, and returns its first byte. */
  static byte readAll(SocketChannel channel, ByteBuffer buffer) throws IOException {
    buffer.clear();
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("the other end closed the connection");
      }
    }
    return buffer.get(0);
  }

  /** Writes all of {@code buffer}, beginning with {@code value}. */
  static void writeAll(SocketChannel channel, ByteBuffer buffer, byte value) throws IOException {
    buffer.clear().put(0, value);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
