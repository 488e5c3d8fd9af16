package dev.sluice.bench.workload;

import dev.sluice.core.sys.Netns;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * UDP request/response whose ends are on two hosts: a byte there, the same byte back. Between hosts
 * a datagram may be lost: what is not answered is sent again, while its time goes on. So the byte
 * is a number, by which a late answer is told from the one that is waited for.
 */
final class UdpOverWire {

  /** Tells the server that the slice is over. */
  private static final byte LAST = Byte.MAX_VALUE;

  private static final long PATIENCE_MILLIS = 100;

  /** The server is gone when it has answered that: if the answer is lost there is no other. */
  private static final int MOST_LAST = 5;

  private UdpOverWire() {}

  /** The client's half of a slice; {@code inFlight} has its socket. */
  static Sample client(Netns netns, InetSocketAddress server, InFlight inFlight, Duration length)
      throws IOException {
    Sample.RoundTrips trips = Sample.RoundTrips.none();
    try (DatagramChannel channel =
        inFlight.now(Sockets.inside(netns, () -> DatagramChannel.open(Sockets.family(server))))) {
      channel.connect(server);
      try (Resender requests = new Resender(channel)) {
        ByteBuffer answer = ByteBuffer.allocateDirect(1);
        ClosedLoop.run(
            length.toNanos(),
            trips.histogram(),
            request -> {
              if (request == ClosedLoop.LAST_REQUEST) {
                farewell(requests, channel, answer);
              } else {
                requests.next();
                await(requests.number, channel, answer);
              }
            });
      }
    }
    return trips;
  }

  /** Until the server has said that it heard it, or is gone. */
  private static void farewell(Resender requests, DatagramChannel channel, ByteBuffer answer)
      throws IOException {
    try {
      requests.last();
      await(LAST, channel, answer);
    } catch (PortUnreachableException | ClosedChannelException e) {
      return;
    }
  }

  private static void await(byte number, DatagramChannel channel, ByteBuffer answer)
      throws IOException {
    do {
      answer.clear();
      if (channel.read(answer) < 1) {
        throw new EOFException("an empty datagram");
      }
    } while (answer.get(0) != number);
  }

  /** The server's half of a slice, for whoever sends first. */
  static void serve(DatagramChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1);
    channel.connect(channel.receive(buffer));
    while (true) {
      buffer.flip();
      if (!buffer.hasRemaining()) {
        throw new EOFException("an empty datagram");
      }
      channel.write(buffer);
      if (buffer.get(0) == LAST) {
        return;
      }
      buffer.clear();
      channel.read(buffer);
    }
  }

  /** Sends requests, and each again that the client goes on waiting for. */
  private static final class Resender implements Closeable {
    private final DatagramChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1);
    private final Thread thread = new Thread(this::run, "sluice-resender");
    private volatile byte number = -1;
    private volatile long sent = System.nanoTime();

    Resender(DatagramChannel channel) {
      this.channel = channel;
      thread.setDaemon(true);
      thread.start();
    }

    void next() throws IOException {
      send((byte) ((number + 1) % LAST));
    }

    void last() throws IOException {
      send(LAST);
    }

    private void send(byte request) throws IOException {
      number = request;
      sent = System.nanoTime();
      write(buffer, request);
    }

    private void write(ByteBuffer datagram, byte request) throws IOException {
      datagram.clear().put(0, request);
      channel.write(datagram);
    }

    private void run() {
      ByteBuffer again = ByteBuffer.allocateDirect(1);
      int lasts = 0;
      try {
        while (channel.isOpen()) {
          Thread.sleep(PATIENCE_MILLIS);
          if (System.nanoTime() - sent >= TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
            if (number == LAST && ++lasts > MOST_LAST) {
              channel.close();
            } else {
              write(again, number);
            }
          }
        }
      } catch (IOException | InterruptedException e) {
        // The client meets what ails the socket itself; and is done when it interrupts this.
        return;
      }
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
