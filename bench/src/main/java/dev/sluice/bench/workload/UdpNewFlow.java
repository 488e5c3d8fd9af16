package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;

/**
 * UDP request/response in a closed loop, from a new source port each time: a byte there, a byte
 * back, each time on a flow that nobody on the way has seen. Timed from the request to its answer;
 * opening and closing the socket costs the same on every path, and is left out.
 *
 * <p>The session walks through all source ports before it uses one again. To a conntrack on the way
 * a flow is new again once its entry has expired ({@code nf_conntrack_udp_timeout}, 30 s): slices
 * that use no more than {@value #PORTS} flows in that time see new ones only, and leave at most
 * that many entries.
 */
public record UdpNewFlow(Mode mode) implements Workload {

  private static final int FIRST_PORT = 1024;
  private static final int LAST_PORT = 65535;

  /** How many flows there are between two endpoints. */
  public static final int PORTS = LAST_PORT - FIRST_PORT + 1;

  @Override
  public String name() {
    return "udp-new-flow";
  }

  @Override
  public Metric metric() {
    return Metric.ROUND_TRIP;
  }

  /** Finds a port; nothing has to cross for that. */
  @Override
  public Session open(Endpoints endpoints, Duration timeout) throws IOException {
    try (DatagramChannel first = Sockets.receive(endpoints, endpoints.udpPort().orElseThrow())) {
      return new Receiving(mode, endpoints, (InetSocketAddress) first.getLocalAddress());
    }
  }

  /** Receives during slices only: where policy names the port, other workloads need it too. */
  private static final class Receiving implements Session {
    private final Mode mode;
    private final Endpoints endpoints;
    private final InetSocketAddress address;
    private final InFlight server = new InFlight();
    private final InFlight client = new InFlight();
    private int nextPort = FIRST_PORT;

    Receiving(Mode mode, Endpoints endpoints, InetSocketAddress address) {
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
      return new Slice(this, length, server.now(Sockets.receive(endpoints, address.getPort())));
    }

    /** A socket at the next source port that is free, in the namespace of the calling thread. */
    private DatagramChannel socket() throws IOException {
      DatagramChannel channel = client.now(DatagramChannel.open(Sockets.family(endpoints)));
      try {
        for (int tried = 1; ; tried++) {
          int port = nextPort;
          nextPort = port == LAST_PORT ? FIRST_PORT : port + 1;
          try {
            channel.bind(new InetSocketAddress(port));
            return channel;
          } catch (BindException e) {
            if (tried == PORTS) {
              throw e;
            }
          }
        }
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      try (server) {
        client.close();
      }
    }
  }

  private static final class Slice implements Exchange {
    private final Receiving session;
    private final Duration length;
    private final DatagramChannel server;
    private final Sample.RoundTrips trips = Sample.RoundTrips.none();

    Slice(Receiving session, Duration length, DatagramChannel server) {
      this.session = session;
      this.length = length;
      this.server = server;
    }

    @Override
    public void client() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1);
      Sockets.inside(
          session.endpoints.client(),
          () -> {
            long end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() - end < 0) {
              trips.histogram().recordValue(transact(buffer, ClosedLoop.REQUEST));
            }
            return transact(buffer, ClosedLoop.LAST_REQUEST);
          });
    }

    private long transact(ByteBuffer buffer, byte request) throws IOException {
      try (DatagramChannel channel = session.socket()) {
        buffer.clear().put(0, request);
        long start = System.nanoTime();
        channel.send(buffer, session.address);
        buffer.clear();
        SocketAddress from = channel.receive(buffer);
        long took = System.nanoTime() - start;
        if (!session.address.equals(from) || buffer.position() != 1) {
          throw new IOException("an answer of " + buffer.position() + " bytes from " + from);
        }
        ClosedLoop.check(request, buffer.get(0));
        return took;
      }
    }

    @Override
    public void server() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1);
      byte request;
      do {
        buffer.clear();
        SocketAddress from = server.receive(buffer);
        request = buffer.get(0);
        buffer.flip();
        server.send(buffer, from);
      } while (request != ClosedLoop.LAST_REQUEST);
    }

    @Override
    public Sample sample() {
      return trips;
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
