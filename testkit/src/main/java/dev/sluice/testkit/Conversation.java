package dev.sluice.testkit;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Real conversations between two places of a node: the kernel's TCP and UDP, with a payload. */
public final class Conversation {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final int DATAGRAM_MILLIS = 4000;

  private final Node node;

  public Conversation(Node node) {
    this.node = node;
  }

  /**
   * Sends {@code bytes} random bytes over one TCP connection, has them echoed, and fails unless the
   * same come back.
   *
   * @param from where the client is
   * @param to where {@code address} is
   * @return the sender's address, as the receiver saw it
   */
  public IpAddress tcp(NetnsRef from, NetnsRef to, IpAddress address, int bytes) {
    byte[] payload = new byte[bytes];
    new Random(bytes).nextBytes(payload);
    InetAddress server = address.toInetAddress();
    try (ServerSocket listener = in(to, () -> new ServerSocket(0, 1, server))) {
      listener.setSoTimeout(PATIENCE_MILLIS);
      CompletableFuture<IpAddress> echo =
          CompletableFuture.supplyAsync(() -> echo(listener, bytes));
      try (Socket client = in(from, () -> SocketChannel.open().socket())) {
        client.setSoTimeout(PATIENCE_MILLIS);
        client.connect(new InetSocketAddress(server, listener.getLocalPort()), PATIENCE_MILLIS);
        OutputStream out = client.getOutputStream();
        out.write(payload);
        client.shutdownOutput();
        byte[] back = client.getInputStream().readNBytes(bytes);
        if (!Arrays.equals(payload, back)) {
          throw new AssertionError("sent " + bytes + " bytes, got " + back.length + " or others");
        }
        return echo.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (Exception e) {
      throw new AssertionError("TCP from " + from + " to " + address + ": " + e, e);
    }
  }

  /** Takes all that comes before it answers, so that neither side waits for the other's buffer. */
  private static IpAddress echo(ServerSocket listener, int bytes) {
    try (Socket server = listener.accept()) {
      server.setSoTimeout(PATIENCE_MILLIS);
      InputStream in = server.getInputStream();
      byte[] received = in.readNBytes(bytes);
      server.getOutputStream().write(received);
      return IpAddress.of(server.getInetAddress().getAddress());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Whether a datagram gets there, and the answer comes back. */
  public boolean udp(NetnsRef from, NetnsRef to, IpAddress address) {
    InetAddress server = address.toInetAddress();
    try (DatagramSocket receiver = in(to, () -> new DatagramSocket(0, server));
        DatagramSocket sender = in(from, () -> new DatagramSocket())) {
      byte[] question = {1, 2, 3};
      sender.send(new DatagramPacket(question, question.length, server, receiver.getLocalPort()));
      DatagramPacket packet = new DatagramPacket(new byte[16], 16);
      receiver.setSoTimeout(DATAGRAM_MILLIS);
      receiver.receive(packet);
      receiver.send(new DatagramPacket(question, question.length, packet.getSocketAddress()));
      sender.setSoTimeout(DATAGRAM_MILLIS);
      sender.receive(packet);
      return Arrays.equals(question, Arrays.copyOf(packet.getData(), packet.getLength()));
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new AssertionError("UDP from " + from + " to " + address + ": " + e, e);
    }
  }

  private interface Opening<T> {
    T open() throws IOException;
  }

  /** A socket belongs to the namespace of the thread that opens it; the channel may then move. */
  private <T> T in(NetnsRef where, Opening<T> opening) {
    return Shell.call(node, where, opening::open);
  }
}
