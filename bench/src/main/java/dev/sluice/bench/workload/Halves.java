package dev.sluice.bench.workload;

import dev.sluice.core.sys.Netns;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The workloads whose two ends may be in two processes, on two hosts: each runs its half of a
 * slice, and whatever they agree on during it goes over the connection that is measured. A slice
 * has a connection of its own, for the path under it may be new.
 */
public enum Halves {
  REQUEST_RESPONSE {
    @Override
    public Workload workload() {
      return new RequestResponse(Mode.CROSS_CPU);
    }

    @Override
    Sample client(Client at, Duration length) throws IOException {
      try (SocketChannel channel = at.connect()) {
        Exchange slice = slice(channel, length);
        slice.client();
        return slice.sample();
      }
    }

    @Override
    Sample server(Server at, Duration length) throws IOException {
      try (SocketChannel channel = at.accept()) {
        slice(channel, length).server();
        return NOTHING;
      }
    }

    private static Exchange slice(SocketChannel channel, Duration length) {
      return new RequestResponse(Mode.CROSS_CPU).slice(new Connection(channel, channel), length);
    }
  },
  CONNECT_REQUEST_RESPONSE {
    @Override
    public Workload workload() {
      return new ConnectRequestResponse(Mode.CROSS_CPU);
    }

    @Override
    Sample client(Client at, Duration length) throws IOException {
      Sample.RoundTrips trips = Sample.RoundTrips.none();
      ConnectRequestResponse.drive(at.netns, at.server, at.inFlight, length, trips);
      return trips;
    }

    @Override
    Sample server(Server at, Duration length) throws IOException {
      ConnectRequestResponse.serve(at.listener, at.inFlight);
      return NOTHING;
    }
  },
  STREAM {
    @Override
    public Workload workload() {
      return new BulkStream(Mode.CROSS_CPU);
    }

    /** Until TCP has found out what the path carries, nothing is counted. */
    private static final long LEAD_NANOS = 50_000_000;

    private static final int BYTES = 256 * 1024;

    @Override
    Sample client(Client at, Duration length) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
      try (SocketChannel channel = at.connect()) {
        long end = System.nanoTime() + LEAD_NANOS + length.toNanos();
        while (System.nanoTime() - end < 0) {
          buffer.clear();
          channel.write(buffer);
        }
        channel.shutdownOutput();
        buffer.clear();
        if (channel.read(buffer) >= 0) {
          throw new IOException("the server sent something");
        }
        return NOTHING;
      }
    }

    @Override
    Sample server(Server at, Duration length) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
      try (SocketChannel channel = at.accept()) {
        long first = System.nanoTime() + LEAD_NANOS;
        long start = 0;
        long last = 0;
        long counted = 0;
        for (int n = channel.read(buffer); n >= 0; n = channel.read(buffer)) {
          long now = System.nanoTime();
          if (start != 0) {
            counted += n;
            last = now;
          } else if (now - first >= 0) {
            start = now;
          }
          buffer.clear();
        }
        if (counted == 0) {
          throw new EOFException("the stream ended before it was to be counted");
        }
        return new Sample.Throughput(counted, last - start);
      }
    }
  };

  /** Of a half that counts nothing; the other one does. */
  private static final Sample NOTHING = new Sample.Throughput(0, 1);

  abstract Sample client(Client at, Duration length) throws IOException;

  abstract Sample server(Server at, Duration length) throws IOException;

  /** What is run; each of its ends has a CPU of its own, on its own host. */
  public abstract Workload workload();

  /** Whether it is the server's half that counts. */
  public boolean countsAtServer() {
    return this == STREAM;
  }

  /** All of them. */
  public static List<Workload> workloads() {
    return Arrays.stream(values()).map(Halves::workload).toList();
  }

  /** The one whose workload has that name; empty if that cannot be taken apart. */
  public static Optional<Halves> named(String name) {
    return Arrays.stream(values()).filter(h -> h.workload().name().equals(name)).findFirst();
  }

  /**
   * The client's half, of one slice; closing it ends that early.
   *
   * @param timeout of connecting
   */
  public Session client(Netns netns, InetSocketAddress server, Duration timeout) {
    Client at = new Client(netns, server, timeout, new InFlight<>());
    return new Half(length -> client(at, length), true, at.inFlight);
  }

  /** The server's half, of one slice; {@code listener} stays the caller's. */
  public Session server(ServerSocketChannel listener) {
    Server at = new Server(listener, new InFlight<>());
    return new Half(length -> server(at, length), false, at);
  }

  private record Client(
      Netns netns, InetSocketAddress server, Duration timeout, InFlight<SocketChannel> inFlight) {

    SocketChannel connect() throws IOException {
      return inFlight.now(Sockets.connect(netns, server, timeout));
    }
  }

  private record Server(ServerSocketChannel listener, InFlight<SocketChannel> inFlight)
      implements Closeable {

    SocketChannel accept() throws IOException {
      SocketChannel channel = inFlight.now(listener.accept());
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      return channel;
    }

    @Override
    public void close() throws IOException {
      try (listener) {
        inFlight.close();
      }
    }
  }

  private interface Work {
    Sample run(Duration length) throws IOException;
  }

  /** The half that is here; the other one is elsewhere, and nothing here. */
  private record Half(Work work, boolean ofClient, Closeable sockets) implements Session {

    /** As it is one thread that runs. */
    @Override
    public Mode mode() {
      return Mode.SAME_CPU;
    }

    @Override
    public Exchange exchange(Duration length) {
      return new Exchange() {
        private Sample sample = NOTHING;

        @Override
        public void client() throws IOException {
          if (ofClient) {
            sample = work.run(length);
          }
        }

        @Override
        public void server() throws IOException {
          if (!ofClient) {
            sample = work.run(length);
          }
        }

        @Override
        public Sample sample() {
          return sample;
        }
      };
    }

    @Override
    public void close() throws IOException {
      sockets.close();
    }
  }
}
