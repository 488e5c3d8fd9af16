package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * TCP request/response in a closed loop: so many bytes there, so many back, one transaction at a
 * time on a standing connection.
 */
public record RequestResponse(Mode mode, int requestBytes, int answerBytes) implements Workload {

  /** Of a page or an object: what is asked for is larger than the question. */
  private static final int REQUEST_KIB = 1;

  private static final int ANSWER_KIB = 16;

  /** One byte each way. */
  public RequestResponse(Mode mode) {
    this(mode, 1, 1);
  }

  /** A kilobyte there, sixteen back. */
  public static RequestResponse large(Mode mode) {
    return new RequestResponse(mode, REQUEST_KIB * 1024, ANSWER_KIB * 1024);
  }

  @Override
  public String name() {
    return requestBytes == 1 && answerBytes == 1
        ? "tcp-rr"
        : "tcp-rr-%dk-%dk".formatted(requestBytes / 1024, answerBytes / 1024);
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
    return new ConnectionSession(mode, connection, this::slice);
  }

  /** A slice on a connection that somebody else owns. */
  Exchange slice(Connection connection, Duration length) {
    return new Slice(connection, length, requestBytes, answerBytes);
  }

  private static final class Slice implements Exchange {
    private final Connection connection;
    private final Duration length;
    private final int requestBytes;
    private final int answerBytes;
    private final Sample.RoundTrips trips = Sample.RoundTrips.none();

    Slice(Connection connection, Duration length, int requestBytes, int answerBytes) {
      this.connection = connection;
      this.length = length;
      this.requestBytes = requestBytes;
      this.answerBytes = answerBytes;
    }

    @Override
    public void client() throws IOException {
      SocketChannel channel = connection.client();
      ByteBuffer out = ByteBuffer.allocateDirect(requestBytes);
      ByteBuffer in = ByteBuffer.allocateDirect(answerBytes);
      ClosedLoop.run(
          length.toNanos(),
          trips.histogram(),
          request -> {
            Sockets.writeAll(channel, out, request);
            ClosedLoop.check(request, Sockets.readAll(channel, in));
          });
    }

    @Override
    public void server() throws IOException {
      SocketChannel channel = connection.server();
      ByteBuffer in = ByteBuffer.allocateDirect(requestBytes);
      ByteBuffer out = ByteBuffer.allocateDirect(answerBytes);
      byte request;
      do {
        request = Sockets.readAll(channel, in);
        Sockets.writeAll(channel, out, request);
      } while (request != ClosedLoop.LAST_REQUEST);
    }

    @Override
    public Sample sample() {
      return trips;
    }
  }
}
