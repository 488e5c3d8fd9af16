package dev.sluice.bench;

import dev.sluice.bench.workload.Endpoints;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.topology.Topology.Protocol;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Set;

/** Asks with sockets whether the client reaches a port of the server. */
public final class VerdictProbe {

  private static final Duration ALLOWED_LIMIT = Duration.ofSeconds(3);
  private static final Duration DENIED_LIMIT = Duration.ofMillis(150);

  private final Endpoints endpoints;

  public VerdictProbe(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /**
   * Fails unless {@code port} is open as expected, for each of {@code protocols}.
   *
   * @param who the candidate, for the message
   */
  public void expect(String who, Set<Protocol> protocols, int port, boolean open) {
    Duration limit = open ? ALLOWED_LIMIT : DENIED_LIMIT;
    for (Protocol protocol : protocols) {
      if (passes(protocol, port, (int) limit.toMillis()) != open) {
        throw new SluiceException(
            Category.TRANSIENT,
            "%s: %s/%d is %s, against its policy"
                .formatted(who, protocol, port, open ? "denied" : "allowed"));
      }
    }
  }

  private boolean passes(Protocol protocol, int port, int millis) {
    InetSocketAddress to = new InetSocketAddress(endpoints.serverAddress().toInetAddress(), port);
    return protocol == Protocol.TCP ? tcp(to, millis) : udp(to, millis);
  }

  private boolean tcp(InetSocketAddress to, int millis) {
    try (ServerSocket listener =
            endpoints.server().call(() -> new ServerSocket(to.getPort(), 1, to.getAddress()));
        Socket socket = endpoints.client().call(VerdictProbe::unconnected)) {
      socket.connect(to, millis);
      return listener.isBound();
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException("probe TCP " + to + ": " + e, e);
    }
  }

  /** The socket itself is opened by the first call that needs it. */
  private static Socket unconnected() throws IOException {
    Socket socket = new Socket();
    socket.setReuseAddress(true);
    return socket;
  }

  private boolean udp(InetSocketAddress to, int millis) {
    try (DatagramSocket server = endpoints.server().call(() -> new DatagramSocket(to));
        DatagramSocket client = endpoints.client().call(() -> new DatagramSocket())) {
      client.send(new DatagramPacket(new byte[1], 1, to));
      server.setSoTimeout(millis);
      server.receive(new DatagramPacket(new byte[1], 1));
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw new IllegalStateException("probe UDP " + to + ": " + e, e);
    }
  }
}
