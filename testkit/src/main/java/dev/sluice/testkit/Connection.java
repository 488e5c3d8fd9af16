package dev.sluice.testkit;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.node.Node;
import dev.sluice.core.packet.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** A TCP connection of two kernels that lives on while a test changes what is around it. */
final class Connection implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 5000;

  private final Socket client;
  private final Socket server;

  private Connection(Socket client, Socket server) {
    this.client = client;
    this.server = server;
  }

  /** From one place to a port of another, where nobody may listen yet; fails unless it is made. */
  static Connection open(Node node, String from, String to, IpAddress address, int port) {
    InetAddress there = address.toInetAddress();
    try (ServerSocket listener =
        Shell.call(node, PolicyBed.netns(to), () -> new ServerSocket(port, 1, there))) {
      listener.setSoTimeout(PATIENCE_MILLIS);
      Socket client = Shell.call(node, PolicyBed.netns(from), () -> SocketChannel.open().socket());
      client.setTcpNoDelay(true);
      client.connect(new InetSocketAddress(there, port), PATIENCE_MILLIS);
      Socket server = listener.accept();
      server.setTcpNoDelay(true);
      return new Connection(client, server);
    } catch (IOException e) {
      throw new AssertionError("TCP from " + from + " to " + to + ": " + e, e);
    }
  }

  int clientPort() {
    return client.getLocalPort();
  }

  /** The client sends; returns at once. */
  void ask(Bytes text) {
    send(client, text);
  }

  /** The server sends; returns at once. */
  void answer(Bytes text) {
    send(server, text);
  }

  private static void send(Socket socket, Bytes text) {
    try {
      socket.getOutputStream().write(text.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the next that the server gets is {@code text}, within that time. */
  boolean isAsked(Bytes text, Duration timeout) {
    return receives(server, text, timeout);
  }

  /** Whether the next that the client gets is {@code text}, within that time. */
  boolean isAnswered(Bytes text, Duration timeout) {
    return receives(client, text, timeout);
  }

  private static boolean receives(Socket socket, Bytes text, Duration timeout) {
    try {
      socket.setSoTimeout((int) timeout.toMillis());
      return Bytes.of(socket.getInputStream().readNBytes(text.length())).equals(text);
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Both sides at once, with FIN. */
  @Override
  public void close() {
    try (client;
        server) {
      client.shutdownOutput();
      server.shutdownOutput();
    } catch (IOException e) {
      // A side may be gone already.
    }
  }
}
