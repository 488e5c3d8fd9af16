package dev.sluice.bench.workload;

import dev.sluice.core.sys.Netns;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Sockets of the address family and in the namespaces of {@link Endpoints}. */
final class Sockets {

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
    return inside(
        endpoints.server(),
        () -> {
          ServerSocketChannel channel = ServerSocketChannel.open(family(endpoints));
          try {
            channel.bind(address(endpoints, port), backlog);
            return channel;
          } catch (IOException e) {
            channel.close();
            throw e;
          }
        });
  }

  /** Receives datagrams at the server. {@code port} 0: where the kernel chooses. */
  static DatagramChannel receive(Endpoints endpoints, int port) throws IOException {
    return inside(
        endpoints.server(),
        () -> {
          DatagramChannel channel = DatagramChannel.open(family(endpoints));
          try {
            channel.bind(address(endpoints, port));
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
