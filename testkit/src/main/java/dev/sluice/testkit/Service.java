package dev.sluice.testkit;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;

/**
 * A service of the kernel's own TCP or UDP that tells each client by which address it knows it. One
 * request is one connection, or datagrams of one socket until one is answered.
 *
 * @param where the namespace that it is in
 */
record Service(Node node, NetnsRef where, IpAddress address, int port) {

  /** Long enough for a lost first packet to be sent again. */
  static final Duration SOON = Duration.ofSeconds(5);

  /** Long within one machine. */
  static final Duration NEVER = Duration.ofMillis(300);

  private static final int RETRY_MILLIS = 200;
  private static final int ANSWER_BYTES = 16;

  /** Who asks, and what for. */
  record Client(NetnsRef where, Optional<IpAddress> source, IpAddress target, int port) {

    Client(NetnsRef where, IpAddress target, int port) {
      this(where, Optional.empty(), target, port);
    }

    Client from(IpAddress address) {
      return new Client(where, Optional.of(address), target, port);
    }

    private InetSocketAddress to() {
      return new InetSocketAddress(target.toInetAddress(), port);
    }

    private InetSocketAddress own() {
      return new InetSocketAddress(
          source.map(IpAddress::toInetAddress).orElseGet(this::unspecified), 0);
    }

    private InetAddress unspecified() {
      return IpAddress.parse(target.isV4() ? "0.0.0.0" : "::").toInetAddress();
    }
  }

  /** The address by which a client that connects is known; empty if it cannot in time. */
  Optional<IpAddress> tcp(Client client, Duration patience) {
    try (ServerSocket listener =
            in(where, () -> bound(() -> new ServerSocket(port, 1, address.toInetAddress())));
        Socket socket = in(client.where, () -> SocketChannel.open().socket())) {
      socket.bind(client.own());
      socket.setSoTimeout((int) patience.toMillis());
      listener.setSoTimeout((int) patience.toMillis());
      return connect(listener, socket, client.to(), (int) patience.toMillis());
    } catch (IOException e) {
      throw new AssertionError(client + " connects to " + this + ": " + e, e);
    }
  }

  private static Optional<IpAddress> connect(
      ServerSocket listener, Socket client, InetSocketAddress to, int patience) throws IOException {
    try {
      client.connect(to, patience);
      try (Socket accepted = listener.accept()) {
        accepted.getOutputStream().write(accepted.getInetAddress().getAddress());
        accepted.shutdownOutput();
        return Optional.of(IpAddress.of(client.getInputStream().readAllBytes()));
      }
    } catch (SocketTimeoutException | SocketException e) {
      return Optional.empty();
    }
  }

  /** The address by which a client is known whose datagrams are answered; empty if none is. */
  Optional<IpAddress> udp(Client client, Duration patience) {
    try (DatagramSocket service =
            in(where, () -> bound(() -> new DatagramSocket(port, address.toInetAddress())));
        DatagramSocket socket = in(client.where, () -> new DatagramSocket(client.own()))) {
      // Takes answers from there only.
      socket.connect(client.to());
      long deadline = System.nanoTime() + patience.toNanos();
      while (System.nanoTime() < deadline) {
        Optional<IpAddress> seen = exchange(service, socket);
        if (seen.isPresent()) {
          return seen;
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new AssertionError(client + " sends to " + this + ": " + e, e);
    }
  }

  private static Optional<IpAddress> exchange(DatagramSocket service, DatagramSocket client)
      throws IOException {
    try {
      client.send(new DatagramPacket(new byte[] {1}, 1));
      DatagramPacket packet = new DatagramPacket(new byte[ANSWER_BYTES], ANSWER_BYTES);
      service.setSoTimeout(RETRY_MILLIS);
      service.receive(packet);
      byte[] seen = packet.getAddress().getAddress();
      service.send(new DatagramPacket(seen, seen.length, packet.getSocketAddress()));
      client.setSoTimeout(RETRY_MILLIS);
      client.receive(packet);
      return Optional.of(IpAddress.of(seen));
    } catch (SocketTimeoutException | SocketException e) {
      return Optional.empty();
    }
  }

  /** Whether a client whose datagram finds no service is told so, by ICMP, in time. */
  static boolean isRefusedUdp(Node node, Client client, Duration patience) {
    try (DatagramSocket socket =
        Shell.call(node, client.where, () -> new DatagramSocket(client.own()))) {
      socket.connect(client.to());
      socket.setSoTimeout(RETRY_MILLIS);
      long deadline = System.nanoTime() + patience.toNanos();
      while (System.nanoTime() < deadline) {
        if (isRefused(socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new AssertionError(client + " sends: " + e, e);
    }
  }

  private static boolean isRefused(DatagramSocket client) throws IOException {
    try {
      client.send(new DatagramPacket(new byte[] {1}, 1));
      client.receive(new DatagramPacket(new byte[ANSWER_BYTES], ANSWER_BYTES));
      return false;
    } catch (PortUnreachableException e) {
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private interface Opening<T> {
    T open() throws IOException;
  }

  /**
   * A program that another thread starts has, until it runs, all descriptors that were open: the
   * port of a service that is closed may stay taken for that long.
   */
  private static <T> T bound(Opening<T> opening) throws IOException {
    long deadline = System.nanoTime() + SOON.toNanos();
    while (true) {
      try {
        return opening.open();
      } catch (BindException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.onSpinWait();
      }
    }
  }

  /** A socket belongs to the namespace of the thread that opens it. */
  private <T> T in(NetnsRef netns, Opening<T> opening) {
    return Shell.call(node, netns, opening::open);
  }
}
