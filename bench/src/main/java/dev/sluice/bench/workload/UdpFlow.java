package dev.sluice.bench.workload;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.function.BiFunction;

/**
 * One UDP flow between the same two ports from slice to slice. The server's socket is open during
 * slices only: where policy names the port, other workloads need it too.
 */
final class UdpFlow implements Session {

  /**
   * Two sockets that are connected to each other. The server's is closed when nobody sends any
   * more: what then came would be answered by an ICMP error, which the client's next write would
   * tell.
   */
  record Ends(DatagramChannel client, DatagramChannel server) implements Closeable {
    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private final Mode mode;
  private final Endpoints endpoints;
  private final BiFunction<Ends, Duration, Exchange> slices;
  private final DatagramChannel client;
  private final InetSocketAddress clientAddress;
  private final InetSocketAddress serverAddress;
  private final InFlight server = new InFlight();

  UdpFlow(Mode mode, Endpoints endpoints, BiFunction<Ends, Duration, Exchange> slices)
      throws IOException {
    this.mode = mode;
    this.endpoints = endpoints;
    this.slices = slices;
    try (DatagramChannel first = Sockets.receive(endpoints, endpoints.udpPort().orElseThrow())) {
      serverAddress = (InetSocketAddress) first.getLocalAddress();
    }
    client =
        Sockets.inside(endpoints.client(), () -> DatagramChannel.open(Sockets.family(endpoints)));
    try {
      client.connect(serverAddress);
      clientAddress = (InetSocketAddress) client.getLocalAddress();
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  @Override
  public Mode mode() {
    return mode;
  }

  @Override
  public Exchange exchange(Duration length) throws IOException {
    DatagramChannel opened = server.now(Sockets.receive(endpoints, serverAddress.getPort()));
    opened.connect(clientAddress);
    return slices.apply(new Ends(client, opened), length);
  }

  @Override
  public void close() throws IOException {
    try (server) {
      client.close();
    }
  }
}
