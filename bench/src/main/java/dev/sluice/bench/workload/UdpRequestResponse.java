package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;

/**
 * UDP request/response in a closed loop: a byte there, a byte back, one transaction at a time on
 * one flow. Nothing is sent again: a datagram that is lost ends the comparison, for between two
 * namespaces nothing is lost that was not dropped on purpose.
 */
public record UdpRequestResponse(Mode mode) implements Workload {

  @Override
  public String name() {
    return "udp-rr";
  }

  @Override
  public Metric metric() {
    return Metric.ROUND_TRIP;
  }

  @Override
  public Session open(Endpoints endpoints, Duration timeout) throws IOException {
    return new UdpFlow(mode, endpoints, Slice::new);
  }

  private static final class Slice implements Exchange {
    private final UdpFlow.Ends ends;
    private final Duration length;
    private final Sample.RoundTrips trips = Sample.RoundTrips.none();

    Slice(UdpFlow.Ends ends, Duration length) {
      this.ends = ends;
      this.length = length;
    }

    @Override
    public void client() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1);
      ClosedLoop.run(
          length.toNanos(),
          trips.histogram(),
          request -> {
            write(ends.client(), buffer, request);
            ClosedLoop.check(request, read(ends.client(), buffer));
          });
    }

    @Override
    public void server() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1);
      byte request;
      do {
        request = read(ends.server(), buffer);
        write(ends.server(), buffer, request);
      } while (request != ClosedLoop.LAST_REQUEST);
    }

    private static void write(DatagramChannel channel, ByteBuffer buffer, byte value)
        throws IOException {
      buffer.clear().put(0, value);
      channel.write(buffer);
    }

    private static byte read(DatagramChannel channel, ByteBuffer buffer) throws IOException {
      buffer.clear();
      if (channel.read(buffer) < 1) {
        throw new EOFException("an empty datagram");
      }
      return buffer.get(0);
    }

    @Override
    public Sample sample() {
      return trips;
    }

    @Override
    public void close() throws IOException {
      ends.close();
    }
  }
}
