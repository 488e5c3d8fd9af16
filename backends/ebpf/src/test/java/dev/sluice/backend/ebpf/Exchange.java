package dev.sluice.backend.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.testkit.Shell;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A TCP connection of two kernels, from a to b, on which question and answer go to and fro, a
 * thousand a second. The kernels count what they send again: so a segment that is lost is seen
 * however busy the machine is.
 */
final class Exchange implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;
  private static final long PERIOD = 1_000_000;

  private final FaultBed bed;
  private final Socket client;
  private final Socket server;
  private final Thread asking = new Thread(this::ask, "asking");
  private final Thread answering = new Thread(this::answer, "answering");
  private final AtomicLong answered = new AtomicLong();
  private final long repeatedBefore;
  private volatile boolean going = true;

  Exchange(FaultBed bed) throws IOException {
    this.bed = bed;
    InetSocketAddress there = new InetSocketAddress(FaultBed.B.toInetAddress(), FaultBed.OPEN);
    try (ServerSocket listener =
        bed.in("b", () -> new ServerSocket(there.getPort(), 1, there.getAddress()))) {
      client = bed.in("a", () -> SocketChannel.open().socket());
      listener.setSoTimeout(PATIENCE_MILLIS);
      client.connect(there, PATIENCE_MILLIS);
      server = listener.accept();
    }
    for (Socket socket : List.of(client, server)) {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
    }
    repeatedBefore = repeated();
    asking.start();
    answering.start();
  }

  private void ask() {
    try {
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      DataInputStream in = new DataInputStream(client.getInputStream());
      for (long number = 0; going; number++) {
        out.writeLong(number);
        if (in.readLong() != number) {
          return;
        }
        answered.set(number + 1);
        LockSupport.parkNanos(PERIOD);
      }
    } catch (IOException e) {
      // Told by there being no more answers.
    }
  }

  private void answer() {
    try {
      DataOutputStream out = new DataOutputStream(server.getOutputStream());
      DataInputStream in = new DataInputStream(server.getInputStream());
      while (going) {
        out.writeLong(in.readLong());
      }
    } catch (IOException e) {
      // It is over.
    }
  }

  /** Waits for so many more answers; fails where they do not come. */
  void more(int answers) {
    long until = answered.get() + answers;
    long deadline = System.nanoTime() + PATIENCE_MILLIS * PERIOD;
    while (answered.get() < until) {
      assertThat(System.nanoTime()).as("answers still come").isLessThan(deadline);
      LockSupport.parkNanos(PERIOD);
    }
  }

  /** What either side has had to send again since it began. */
  long sentAgain() {
    return repeated() - repeatedBefore;
  }

  private long repeated() {
    return List.of("a", "b").stream().mapToLong(this::repeated).sum();
  }

  private long repeated(String endpoint) {
    Iterator<String> lines =
        Shell.in(bed.node(), endpoint, "grep ^Tcp: /proc/net/snmp").orFail().lines().iterator();
    List<String> names = Arrays.asList(lines.next().split(" ", -1));
    return Long.parseLong(lines.next().split(" ", -1)[names.indexOf("RetransSegs")]);
  }

  @Override
  public void close() {
    going = false;
    try (client;
        server) {
      asking.join();
      client.shutdownOutput();
      answering.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
