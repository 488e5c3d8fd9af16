package dev.sluice.bench.workload;

import dev.sluice.bench.stats.Metric;
import dev.sluice.core.sys.Sysctls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Request/response on one connection while many others stand, and what those take of the kernel's
 * memory. They are made before each slice and reset after it, for there are not descriptors enough
 * to hold them on all candidates at once. The server's ends are never accepted: that takes no
 * descriptor, and what a datapath remembers of a connection is the same.
 */
public record HeldConnections(Mode mode, int count) implements Workload {

  private static final String DESCRIPTORS = "Max open files";

  /** What else this process has open. */
  private static final int SPARE = 2_000;

  /** Whether this process may have so many descriptors, and some more. */
  public boolean fits() {
    return count + SPARE <= limit();
  }

  /** Of {@code /proc/self/limits}, the soft one, which the VM raises to the hard one. */
  private static long limit() {
    try {
      return Files.readAllLines(Path.of("/proc/self/limits")).stream()
          .filter(line -> line.startsWith(DESCRIPTORS))
          .map(line -> line.substring(DESCRIPTORS.length()).strip().split(" +", -1)[0])
          .mapToLong(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft))
          .findFirst()
          .orElse(Long.MAX_VALUE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String name() {
    return "tcp-rr-held";
  }

  @Override
  public Metric metric() {
    return Metric.ROUND_TRIP;
  }

  @Override
  public Session open(Endpoints endpoints, Duration timeout) throws IOException {
    // The backlog holds them: net.core.somaxconn bounds it.
    endpoints.server().run(() -> Sysctls.write("net/core/somaxconn", Integer.toString(2 * count)));
    return new Holding(this, endpoints, Connection.open(endpoints, timeout));
  }

  private static final class Holding implements Session {
    private final HeldConnections workload;
    private final Endpoints endpoints;
    private final Connection connection;
    private int port;

    Holding(HeldConnections workload, Endpoints endpoints, Connection connection) {
      this.workload = workload;
      this.endpoints = endpoints;
      this.connection = connection;
      this.port = endpoints.tcpPort();
    }

    @Override
    public Mode mode() {
      return workload.mode;
    }

    @Override
    public Exchange exchange(Duration length) throws IOException {
      ServerSocketChannel listener = Sockets.listen(endpoints, port, 2 * workload.count);
      List<SocketChannel> held = new ArrayList<>(workload.count);
      InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
      port = address.getPort();
      try {
        long before = KernelMemory.slab();
        Sockets.inside(
            endpoints.client(),
            () -> {
              for (int i = 0; i < workload.count; i++) {
                held.add(connect(address));
              }
              return true;
            });
        long taken = KernelMemory.slab() - before;
        Exchange timed = new RequestResponse(workload.mode).slice(connection, length);
        return new Slice(timed, listener, held, taken);
      } catch (IOException e) {
        release(listener, held);
        throw e;
      }
    }

    private SocketChannel connect(InetSocketAddress address) throws IOException {
      SocketChannel channel = SocketChannel.open(Sockets.family(endpoints));
      // Closed by a reset: no end lingers.
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.connect(address);
      return channel;
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }

  private static void release(ServerSocketChannel listener, List<SocketChannel> held)
      throws IOException {
    try (listener) {
      for (SocketChannel channel : held) {
        channel.close();
      }
    }
  }

  private record Slice(
      Exchange timed, ServerSocketChannel listener, List<SocketChannel> held, long taken)
      implements Exchange {

    @Override
    public void client() throws IOException {
      timed.client();
    }

    @Override
    public void server() throws IOException {
      timed.server();
    }

    @Override
    public Sample sample() {
      return new Sample.Held((Sample.RoundTrips) timed.sample(), held.size(), taken);
    }

    @Override
    public void close() throws IOException {
      release(listener, held);
    }
  }
}
