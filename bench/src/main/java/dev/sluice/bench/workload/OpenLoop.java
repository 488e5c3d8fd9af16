package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * TCP request/response at a fixed rate, one byte there and one back on a standing connection. Each
 * is timed from when it was to be sent, and not from when it could be: an answer that is late
 * delays those behind it, and all of that is counted (no coordinated omission). The client waits
 * for the moment by looking at the clock, for to be woken up takes longer than what is timed.
 */
public record OpenLoop(Mode mode) implements Workload {

  /** A quarter or less of what any path here can do across two CPUs. */
  public static final int PER_SECOND = 5_000;

  private static final long INTERVAL_NANOS = 1_000_000_000L / PER_SECOND;

  @Override
  public String name() {
    return "tcp-open-loop";
  }

  @Override
  public Metric metric() {
    return Metric.LATENCY;
  }

  @Override
  public Session open(Endpoints endpoints, Duration timeout) throws IOException {
    return new ConnectionSession(mode, Connection.open(endpoints, timeout), Slice::new);
  }

  private static final class Slice implements Exchange {
    private final Connection connection;
    private final long requests;
    private final Histogram latencies = Sample.RoundTrips.none().histogram();

    Slice(Connection connection, Duration length) {
      this.connection = connection;
      this.requests = Math.max(1, length.toNanos() / INTERVAL_NANOS);
    }

    @Override
    public void client() throws IOException {
      SocketChannel channel = connection.client();
      ByteBuffer buffer = ByteBuffer.allocateDirect(1);
      long start = System.nanoTime();
      for (long i = 0; i < requests; i++) {
        long intended = start + i * INTERVAL_NANOS;
        while (System.nanoTime() - intended < 0) {
          Thread.onSpinWait();
        }
        transact(channel, buffer, ClosedLoop.REQUEST);
        latencies.recordValue(System.nanoTime() - intended);
      }
      transact(channel, buffer, ClosedLoop.LAST_REQUEST);
    }

    private static void transact(SocketChannel channel, ByteBuffer buffer, byte request)
        throws IOException {
      Sockets.writeByte(channel, buffer, request);
      ClosedLoop.check(request, Sockets.readByte(channel, buffer));
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
      return new Sample.Latencies(latencies);
    }
  }
}
