package dev.sluice.bench.workload;

import dev.sluice.core.sys.Netns;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
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
    public Serving listen(Netns netns, InetSocketAddress address) throws IOException {
      return tcp(
          netns,
          address,
          (at, length) -> {
            try (SocketChannel channel = at.accept()) {
              slice(channel, length).server();
              return NOTHING;
            }
          });
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
    public Serving listen(Netns netns, InetSocketAddress address) throws IOException {
      return tcp(
          netns,
          address,
          (at, length) -> {
            ConnectRequestResponse.serve(at.listener, at.inFlight);
            return NOTHING;
          });
    }
  },
  UDP_REQUEST_RESPONSE {
    @Override
    public Workload workload() {
      return new UdpRequestResponse(Mode.CROSS_CPU);
    }

    @Override
    Sample client(Client at, Duration length) throws IOException {
      return UdpOverWire.client(at.netns, at.server, at.inFlight, length);
    }

    @Override
    public Serving listen(Netns netns, InetSocketAddress address) throws IOException {
      DatagramChannel channel = Sockets.receive(netns, address);
      return new Serving(
          port(channel),
          new Half(
              length -> {
                UdpOverWire.serve(channel);
                return NOTHING;
              },
              false,
              channel));
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

    /** What the server says. */
    private static final byte OVER = 1;

    /** Sends until the server says that it has counted for as long as the slice is. */
    @Override
    Sample client(Client at, Duration length) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
      try (SocketChannel channel = at.connect()) {
        InputStream answers = channel.socket().getInputStream();
        while (answers.available() == 0) {
          buffer.clear();
          channel.write(buffer);
        }
        channel.shutdownOutput();
        // Only when all has been read is the path free for what comes next.
        Sockets.readByte(channel, buffer);
        buffer.clear();
        if (channel.read(buffer) >= 0) {
          throw new IOException("the server sent more than that the slice is over");
        }
        return NOTHING;
      }
    }

    @Override
    public Serving listen(Netns netns, InetSocketAddress address) throws IOException {
      return tcp(
          netns,
          address,
          (at, length) -> {
            try (SocketChannel channel = at.accept()) {
              return count(channel, length);
            }
          });
    }

    /** From the end of the first read after the lead to that of the first after the slice. */
    private static Sample count(SocketChannel channel, Duration length) throws IOException {
      ByteBuffer buffer = ByteBuffer.allocateDirect(BYTES);
      long lead = System.nanoTime() + LEAD_NANOS;
      do {
        read(channel, buffer);
      } while (System.nanoTime() - lead < 0);
      long start = System.nanoTime();
      long counted = 0;
      long nanos = 0;
      while (nanos < length.toNanos()) {
        counted += read(channel, buffer);
        nanos = System.nanoTime() - start;
      }
      Sockets.writeByte(channel, ByteBuffer.allocate(1), OVER);
      do {
        buffer.clear();
      } while (channel.read(buffer) >= 0);
      return new Sample.Throughput(counted, nanos);
    }

    private static int read(SocketChannel channel, ByteBuffer buffer) throws IOException {
      buffer.clear();
      int n = channel.read(buffer);
      if (n < 1) {
        throw new EOFException("the client ended the stream early");
      }
      return n;
    }
  };

  /** Of a half that counts nothing; the other one does. */
  private static final Sample NOTHING = new Sample.Throughput(0, 1);

  abstract Sample client(Client at, Duration length) throws IOException;

  /** What is run; each of its ends has a CPU of its own, on its own host. */
  public abstract Workload workload();

  /**
   * The server's half, of one slice, which listens from now on; closing it ends that early.
   *
   * @param address its port may be 0: where the kernel chooses
   */
  public abstract Serving listen(Netns netns, InetSocketAddress address) throws IOException;

  /** Whether it is the server's half that counts. */
  public boolean countsAtServer() {
    return this == STREAM;
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
    Client at = new Client(netns, server, timeout, new InFlight());
    return new Half(length -> client(at, length), true, at.inFlight);
  }

  /** A server's half, and the port where it listens. */
  public record Serving(int port, Session session) implements Closeable {
    @Override
    public void close() throws IOException {
      session.close();
    }
  }

  private record Client(
      Netns netns, InetSocketAddress server, Duration timeout, InFlight inFlight) {

    SocketChannel connect() throws IOException {
      return inFlight.now(Sockets.connect(netns, server, timeout));
    }
  }

  private record Server(ServerSocketChannel listener, InFlight inFlight) implements Closeable {

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

  private interface TcpWork {
    Sample run(Server at, Duration length) throws IOException;
  }

  private static Serving tcp(Netns netns, InetSocketAddress address, TcpWork work)
      throws IOException {
    Server at = new Server(Sockets.listen(netns, address, 0), new InFlight());
    return new Serving(port(at.listener), new Half(length -> work.run(at, length), false, at));
  }

  private static int port(NetworkChannel channel) throws IOException {
    return ((InetSocketAddress) channel.getLocalAddress()).getPort();
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
