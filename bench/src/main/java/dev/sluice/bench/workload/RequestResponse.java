package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * TCP request/response in a closed loop: one byte there, one byte back, one transaction at a time
 * on a standing connection. The end of one transaction is the start of the next, so that each costs
 * one look at the clock.
 */
public record RequestResponse(Mode mode) implements Workload {

  private static final byte REQUEST = 0;
  private static final byte LAST_REQUEST = 1;

  /** Four digits: at 14 µs a step of 1 ns, less than the step of the clock. */
  private static final int DIGITS = 4;

  /** What the histogram has room for from the start; growing would be timed. */
  private static final long USUAL_LIMIT_NANOS = 60_000_000_000L;

  @Override
  public String name() {
    return "tcp-rr";
  }

  @Override
  public Metric metric() {
    return Metric.ROUND_TRIP;
  }

  @Override
  public Exchange exchange(Connection connection, Duration length) {
    return new Slice(connection, length.toNanos());
  }

  private static final class Slice implements Exchange {
    private final Connection connection;
    private final long nanos;
    private final Histogram histogram = new Histogram(USUAL_LIMIT_NANOS, DIGITS);

    Slice(Connection connection, long nanos) {
      this.connection = connection;
      this.nanos = nanos;
      histogram.setAutoResize(true);
    }

    @Override
    public void client() throws IOException {
      SocketChannel channel = connection.client();
      ByteBuffer buffer = ByteBuffer.allocateDirect(1);
      long start = System.nanoTime();
      long end = start + nanos;
      while (start - end < 0) {
        transact(channel, buffer, REQUEST);
        long now = System.nanoTime();
        histogram.recordValue(now - start);
        start = now;
      }
      transact(channel, buffer, LAST_REQUEST);
    }

    private static void transact(SocketChannel channel, ByteBuffer buffer, byte request)
        throws IOException {
      buffer.clear().put(0, request);
      channel.write(buffer);
      receive(channel, buffer);
      if (buffer.get(0) != request) {
        throw new IOException("the answer " + buffer.get(0) + " is not the request " + request);
      }
    }

    @Override
    public void server() throws IOException {
      SocketChannel channel = connection.server();
      ByteBuffer buffer = ByteBuffer.allocateDirect(1);
      byte request;
      do {
        receive(channel, buffer);
        request = buffer.get(0);
        buffer.flip();
        channel.write(buffer);
      } while (request != LAST_REQUEST);
    }

    private static void receive(SocketChannel channel, ByteBuffer buffer) throws IOException {
      buffer.clear();
      if (channel.read(buffer) < 1) {
        throw new EOFException("the other end closed the connection");
      }
    }

    @Override
    public Sample sample() {
      return new Sample.RoundTrips(histogram);
    }
  }
}
