package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/**
 * One TCP stream from client to server, as fast as it goes, in large writes and with the socket
 * buffers that the kernel tunes. Counted at the receiver, from the end of its first read to the end
 * of the first read after the slice's length; only then does the sender stop, so that it sends all
 * the time that is counted.
 */
public record BulkStream(Mode mode) implements Workload {

  private static final int WRITE_BYTES = 128 * 1024;
  private static final int READ_BYTES = 256 * 1024;

  @Override
  public String name() {
    return "tcp-stream";
  }

  @Override
  public Metric metric() {
    return Metric.THROUGHPUT;
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
    private final long nanos;

    /** Set by the receiver when it has counted for as long as the slice is. */
    private volatile boolean over;

    /** How many bytes the slice is in all; known to the receiver before it can read the last. */
    private volatile long total = Long.MAX_VALUE;

    private long countedBytes;
    private long countedNanos;

    Slice(Connection connection, Duration length) {
      this.connection = connection;
      this.nanos = length.toNanos();
    }

    @Override
    public void client() throws IOException {
      SocketChannel channel = connection.client();
      ByteBuffer buffer = ByteBuffer.allocateDirect(WRITE_BYTES);
      long sent = 0;
      while (!over) {
        buffer.clear();
        sent += channel.write(buffer);
      }
      total = sent + 1;
      buffer.clear().limit(1);
      channel.write(buffer);
    }

    @Override
    public void server() throws IOException {
      SocketChannel channel = connection.server();
      ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
      long first = read(channel, buffer);
      long start = System.nanoTime();
      while (countedNanos < nanos) {
        countedBytes += read(channel, buffer);
        countedNanos = System.nanoTime() - start;
      }
      over = true;
      long received = first + countedBytes;
      while (received < total) {
        received += read(channel, buffer);
      }
    }

    private static int read(SocketChannel channel, ByteBuffer buffer) throws IOException {
      buffer.clear();
      int n = channel.read(buffer);
      if (n < 1) {
        throw new EOFException("the other end closed the connection");
      }
      return n;
    }

    @Override
    public Sample sample() {
      return new Sample.Throughput(countedBytes, countedNanos);
    }
  }
}
