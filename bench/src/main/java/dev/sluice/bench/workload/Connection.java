package dev.sluice.bench.workload;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * A TCP connection of which both ends are ours, each opened inside its namespace and then used from
 * any thread. The channels block: of Java's ways to do I/O that is the one with one system call per
 * read and write and no copy. Small writes go out at once (TCP_NODELAY).
 */
public record Connection(SocketChannel client, SocketChannel server) implements Closeable {

  /**
   * Connects from the client to the server, which listens for that long only.
   *
   * @throws IOException if no connection stands after {@code timeout}
   */
  public static Connection open(Endpoints endpoints, Duration timeout) throws IOException {
    try (ServerSocketChannel listener = Sockets.listen(endpoints)) {
      InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
      SocketChannel client =
          Sockets.inside(
              endpoints.client(),
              () -> connect(address, Sockets.family(endpoints), (int) timeout.toMillis()));
      try {
        listener.socket().setSoTimeout((int) timeout.toMillis());
        SocketChannel server = listener.socket().accept().getChannel();
        server.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return new Connection(client, server);
      } catch (IOException e) {
        client.close();
        throw e;
      }
    } catch (IOException e) {
      throw new IOException("connect to " + endpoints.serverAddress() + ": " + e.getMessage(), e);
    }
  }

  private static SocketChannel connect(
      InetSocketAddress address, ProtocolFamily family, int timeoutMillis) throws IOException {
    SocketChannel channel = SocketChannel.open(family);
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(address, timeoutMillis);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Closes both ends; threads that read or write them fail at once. */
  @Override
  public void close() throws IOException {
    try (server) {
      client.close();
    }
  }
}
