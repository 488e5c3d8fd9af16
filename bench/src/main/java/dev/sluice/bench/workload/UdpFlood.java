package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Small UDP datagrams on one flow, as fast as the client can send them. Counted are those that the
 * server reads; what is sent and not read is the loss, which on one CPU is mostly what the
 * receiver's socket had no room for.
 */
public record UdpFlood(Mode mode) implements Workload {

  /** With its headers the smallest frame that Ethernet has is about as long. */
  private static final int PAYLOAD = 18;

  /** The server is let read what came before. */
  private static final long BETWEEN_LAST_NANOS = 50_000;

  /** So often the client looks at the clock. */
  private static final int BURST = 32;

  @Override
  public String name() {
    return "udp-pps";
  }

  @Override
  public Metric metric() {
    return Metric.PACKET_RATE;
  }

  @Override
  public Session open(Endpoints endpoints, Duration timeout) throws IOException {
    return new UdpFlow(mode, endpoints, Slice::new);
  }

  private static final class Slice implements Exchange {
    private final UdpFlow.Ends ends;
    private final long nanos;

    /** Set by the server once it was told that the slice is over. */
    private volatile boolean over;

    private long sent;
    private long received;
    private long receivedNanos;

    Slice(UdpFlow.Ends ends, Duration length) {
      this.ends = ends;
      this.nanos = length.toNanos();
    }

    @Override
    public void client() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(PAYLOAD);
      long end = System.nanoTime() + nanos;
      do {
        for (int i = 0; i < BURST; i++) {
          buffer.clear().put(0, ClosedLoop.REQUEST);
          ends.client().write(buffer);
          sent++;
        }
      } while (System.nanoTime() - end < 0);
      // The last one may be lost like any other.
      while (!over) {
        buffer.clear().put(0, ClosedLoop.LAST_REQUEST);
        ends.client().write(buffer);
        LockSupport.parkNanos(BETWEEN_LAST_NANOS);
      }
    }

    @Override
    public void server() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(PAYLOAD);
      try {
        long first = 0;
        while (true) {
          buffer.clear();
          ends.server().read(buffer);
          if (buffer.get(0) == ClosedLoop.LAST_REQUEST) {
            break;
          }
          // The clock starts with the first one, which is not counted itself.
          if (first == 0) {
            first = System.nanoTime();
          } else {
            received++;
          }
        }
        receivedNanos = Math.max(1, System.nanoTime() - first);
      } finally {
        over = true;
      }
    }

    @Override
    public Sample sample() {
      return new Sample.Packets(sent - 1, received, receivedNanos);
    }

    @Override
    public void close() throws IOException {
      ends.close();
    }
  }
}
