package dev.sluice.bench.workload;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.sys.Netns;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
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

  /** Listens at the server. */
  static ServerSocketChannel listen(Endpoints endpoints) throws IOException {
    return inside(
        endpoints.server(),
        () ->
            bound(
                ServerSocketChannel.open(family(endpoints)),
                endpoints.serverAddress(),
                endpoints.tcpPort()));
  }

  /** Receives datagrams at the server, on a port that the kernel chooses. */
  static DatagramChannel receive(Endpoints endpoints) throws IOException {
    return inside(
        endpoints.server(),
        () -> bound(DatagramChannel.open(family(endpoints)), endpoints.serverAddress(), 0));
  }

  private static <C extends NetworkChannel> C bound(C channel, IpAddress address, int port)
      throws IOException {
    try {
      channel.bind(new InetSocketAddress(address.toInetAddress(), port));
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
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
}
