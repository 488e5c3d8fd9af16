package dev.sluice.bench.workload;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
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
      SocketChannel client = Sockets.connect(endpoints.client(), address, timeout);
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

  /** Closes both ends; threads that read or write them fail at once. */
  @Override
  public void close() throws IOException {
    try (server) {
      client.close();
    }
  }
}
