package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * TCP request/response in a closed loop: one byte there, one byte back, one transaction at a time
 * on a standing connection.
 */
public record RequestResponse(Mode mode) implements Workload {

  @Override
  public String name() {
    return "tcp-rr";
  }

  @Override
  public Metric metric() {
    return Metric.ROUND_TRIP;
  }

  @Override
  public Session open(Endpoints endpoints, Duration timeout) throws IOException {
    return on(Connection.open(endpoints, timeout));
  }

  /** As {@link #open}, on a connection that stands; the session owns it. */
  Session on(Connection connection) {
    return new ConnectionSession(mode, connection, Slice::new);
  }

  private static final class Slice implements Exchange {
    private final Connection connection;
    private final Duration length;
    private final Sample.RoundTrips trips = Sample.RoundTrips.none();

    Slice(Connection connection, Duration length) {
      this.connection = connection;
      this.length = length;
    }

    @Override
    public void client() throws IOException {
      SocketChannel channel = connection.client();
      ByteBuffer buffer = ByteBuffer.allocateDirect(1);
      ClosedLoop.run(
          length.toNanos(),
          trips.histogram(),
          request -> {
            Sockets.writeByte(channel, buffer, request);
            ClosedLoop.check(request, Sockets.readByte(channel, buffer));
          });
    }

    @Override
    public void server() throws IOException {
      SocketChannel channel = connection.server();
      ByteBuffer buffer = ByteBuffer.allocateDirect(1);
      byte request;
      do {
        request = Sockets.readByte(channel, buffer);
        Sockets.writeByte(channel, buffer, request);
      } while (request != ClosedLoop.LAST_REQUEST);
    }

    @Override
    public Sample sample() {
      return trips;
    }
  }
}
