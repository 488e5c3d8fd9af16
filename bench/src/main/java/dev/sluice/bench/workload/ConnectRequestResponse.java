package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * TCP connect/request/response in a closed loop: a new connection each time, one byte there, one
 * byte back, both ends closed. All of that is one transaction.
 *
 * <p>The server closes first, and the client waits for that. So it is always the server's end that
 * lingers in TIME_WAIT, where a SYN with a later timestamp ends it (RFC 6191), and the client never
 * runs out of ports. A conntrack on the way keeps one entry for each of the client's ports (28,232
 * unless {@code ip_local_port_range} says otherwise), which the next SYN from that port replaces.
 */
public record ConnectRequestResponse(Mode mode) implements Workload {

  @Override
  public String name() {
    return "tcp-crr";
  }

  @Override
  public Metric metric() {
    return Metric.ROUND_TRIP;
  }

  /** Finds a port; nothing has to cross for that. */
  @Override
  public Session open(Endpoints endpoints, Duration timeout) throws IOException {
    try (ServerSocketChannel first = Sockets.listen(endpoints)) {
      return new Listening(mode, endpoints, (InetSocketAddress) first.getLocalAddress());
    }
  }

  /** Listens during slices only: where policy names the port, other workloads need it too. */
  private static final class Listening implements Session {
    private final Mode mode;
    private final Endpoints endpoints;
    private final InetSocketAddress address;
    private final InFlight listener = new InFlight();
    private final InFlight client = new InFlight();
    private final InFlight server = new InFlight();

    Listening(Mode mode, Endpoints endpoints, InetSocketAddress address) {
      this.mode = mode;
      this.endpoints = endpoints;
      this.address = address;
    }

    @Override
    public Mode mode() {
      return mode;
    }

    @Override
    public Exchange exchange(Duration length) throws IOException {
      return new Slice(this, length, listener.now(Sockets.listen(endpoints, address.getPort(), 0)));
    }

    @Override
    public void close() throws IOException {
      try (listener;
          server) {
        client.close();
      }
    }
  }

  /** The client's half of a slice; {@code inFlight} has the connection of the moment. */
  static void drive(
      Netns netns,
      InetSocketAddress server,
      InFlight inFlight,
      Duration length,
      Sample.RoundTrips trips)
      throws IOException {
    ProtocolFamily family = Sockets.family(server);
    ByteBuffer buffer = ByteBuffer.allocateDirect(1);
    Sockets.inside(
        netns,
        () -> {
          ClosedLoop.run(
              length.toNanos(),
              trips.histogram(),
              request -> {
                try (SocketChannel channel = inFlight.now(SocketChannel.open(family))) {
                  transact(channel, server, buffer, request);
                }
              });
          return true;
        });
  }

  private static void transact(
      SocketChannel channel, InetSocketAddress server, ByteBuffer buffer, byte request)
      throws IOException {
    channel.connect(server);
    Sockets.writeByte(channel, buffer, request);
    ClosedLoop.check(request, Sockets.readByte(channel, buffer));
    buffer.clear();
    if (channel.read(buffer) >= 0) {
      throw new IOException("the server sent more than an answer");
    }
  }

  /** The server's half of a slice. */
  static void serve(ServerSocketChannel listener, InFlight inFlight) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1);
    byte request;
    do {
      try (SocketChannel channel = inFlight.now(listener.accept())) {
        request = Sockets.readByte(channel, buffer);
        Sockets.writeByte(channel, buffer, request);
      }
    } while (request != ClosedLoop.LAST_REQUEST);
  }

  private static final class Slice implements Exchange {
    private final Listening session;
    private final Duration length;
    private final ServerSocketChannel listener;
    private final Sample.RoundTrips trips = Sample.RoundTrips.none();

    Slice(Listening session, Duration length, ServerSocketChannel listener) {
      this.session = session;
      this.length = length;
      this.listener = listener;
    }

    @Override
    public void client() throws IOException {
      drive(session.endpoints.client(), session.address, session.client, length, trips);
    }

    @Override
    public void server() throws IOException {
      serve(listener, session.server);
    }

    @Override
    public Sample sample() {
      return trips;
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
