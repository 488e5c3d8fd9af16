package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;

/**
 * Several TCP streams at once, as fast as they go together, one thread at either end. Counted at
 * the receiver over all of them, as for {@link BulkStream}.
 */
public record BulkStreams(Mode mode, int flows) implements Workload {

  private static final int WRITE_BYTES = 128 * 1024;
  private static final int READ_BYTES = 256 * 1024;

  /** Where nothing comes, somebody may have closed the session. */
  private static final long LOOK_UP_MILLIS = 50;

  @Override
  public String name() {
    return "tcp-stream-" + flows;
  }

  @Override
  public Metric metric() {
    return Metric.THROUGHPUT;
  }

  @Override
  public Session open(Endpoints endpoints, Duration timeout) throws IOException {
    Standing session = new Standing(mode, new ArrayList<>());
    try {
      for (int i = 0; i < flows; i++) {
        Connection connection = Connection.open(endpoints, timeout);
        session.connections.add(connection);
        connection.client().configureBlocking(false);
        connection.server().configureBlocking(false);
      }
      return session;
    } catch (IOException e) {
      session.close();
      throw e;
    }
  }

  private record Standing(Mode mode, List<Connection> connections) implements Session {

    @Override
    public Exchange exchange(Duration length) {
      return new Slice(connections, length);
    }

    @Override
    public void close() throws IOException {
      for (Connection connection : connections) {
        connection.close();
      }
    }
  }

  private static final class Slice implements Exchange {
    private static final long UNKNOWN = -1;

    private final List<Connection> connections;
    private final long nanos;
    private volatile boolean over;

    /** How many bytes each stream is in all, once that is known. */
    private final AtomicLongArray totals;

    private long countedBytes;
    private long countedNanos;

    Slice(List<Connection> connections, Duration length) {
      this.connections = connections;
      this.nanos = length.toNanos();
      this.totals = new AtomicLongArray(connections.size());
      for (int i = 0; i < totals.length(); i++) {
        totals.set(i, UNKNOWN);
      }
    }

    @Override
    public void client() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(WRITE_BYTES);
      long[] sent = new long[connections.size()];
      try (Selector selector = Selector.open()) {
        register(selector, SelectionKey.OP_WRITE, connections.stream().map(Connection::client));
        while (!over) {
          for (SelectionKey key : ready(selector)) {
            buffer.clear();
            sent[(int) key.attachment()] += ((SocketChannel) key.channel()).write(buffer);
          }
        }
      } finally {
        for (int i = 0; i < sent.length; i++) {
          totals.set(i, sent[i]);
        }
      }
    }

    @Override
    public void server() throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
      long[] received = new long[connections.size()];
      try (Selector selector = Selector.open()) {
        register(selector, SelectionKey.OP_READ, connections.stream().map(Connection::server));
        read(selector, buffer, received);
        long start = System.nanoTime();
        while (countedNanos < nanos) {
          countedBytes += read(selector, buffer, received);
          countedNanos = System.nanoTime() - start;
        }
        over = true;
        while (!isAll(received)) {
          read(selector, buffer, received);
        }
      } finally {
        over = true;
      }
    }

    private boolean isAll(long[] received) {
      for (int i = 0; i < received.length; i++) {
        if (received[i] != totals.get(i)) {
          return false;
        }
      }
      return true;
    }

    private static void register(Selector selector, int operation, Stream<SocketChannel> channels)
        throws ClosedChannelException {
      List<SocketChannel> all = channels.toList();
      for (int i = 0; i < all.size(); i++) {
        all.get(i).register(selector, operation, i);
      }
    }

    private static List<SelectionKey> ready(Selector selector) throws IOException {
      selector.select(LOOK_UP_MILLIS);
      for (SelectionKey key : selector.keys()) {
        if (!key.isValid()) {
          throw new ClosedChannelException();
        }
      }
      List<SelectionKey> ready = List.copyOf(selector.selectedKeys());
      selector.selectedKeys().clear();
      return ready;
    }

    private static long read(Selector selector, ByteBuffer buffer, long[] received)
        throws IOException {
      long sum = 0;
      for (SelectionKey key : ready(selector)) {
        buffer.clear();
        int n = ((SocketChannel) key.channel()).read(buffer);
        if (n < 0) {
          throw new EOFException("the other end closed the connection");
        }
        received[(int) key.attachment()] += n;
        sum += n;
      }
      return sum;
    }

    @Override
    public Sample sample() {
      return new Sample.Throughput(countedBytes, countedNanos);
    }
  }
}
