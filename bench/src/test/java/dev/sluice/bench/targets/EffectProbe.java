package dev.sluice.bench.targets;

import dev.sluice.bench.workload.Endpoints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Sees when a change of policy takes effect, for the client sends to a port that is open only
 * before and to one that is open only afterwards, again and again.
 */
final class EffectProbe {

  /** Between two datagrams to a port: how exactly the effect is seen. */
  private static final Duration PACE = Duration.ofNanos(300_000);

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** For so long the old flow must have been quiet. */
  private static final Duration QUIET = Duration.ofMillis(30);

  private final Endpoints endpoints;

  EffectProbe(Endpoints endpoints) {
    this.endpoints = endpoints;
  }

  /**
   * When a change was effective, and when the call that made it returned: nanoseconds from its
   * start, by {@link System#nanoTime}.
   */
  record Effect(long start, long effective, long returned) {
    double effectiveMillis() {
      return (effective - start) / 1e6;
    }

    double returnedMillis() {
      return (returned - start) / 1e6;
    }
  }

  /**
   * Runs {@code change}. It is effective when the flow to {@code opens} passes and, if it is to
   * end, the flow to {@code closes} does not any more.
   */
  Effect watch(int closes, boolean ends, int opens, Runnable change) {
    try (Flow old = new Flow(closes);
        Flow fresh = new Flow(opens)) {
      old.await("no packet passes before the change", () -> old.last != 0);
      if (fresh.first != 0) {
        throw new IllegalStateException(opens + " is open before the change");
      }
      long start = System.nanoTime();
      change.run();
      long returned = System.nanoTime();
      fresh.await("no packet passes after the change", () -> fresh.first != 0);
      if (!ends) {
        return new Effect(start, fresh.first, returned);
      }
      old.await(
          "packets still pass after the change",
          () -> System.nanoTime() - Math.max(old.last, fresh.first) > QUIET.toNanos());
      return new Effect(start, Math.max(fresh.first, old.last), returned);
    }
  }

  /** Datagrams from one port to another, until closed. */
  private final class Flow implements AutoCloseable {
    private final DatagramSocket client;
    private final DatagramSocket server;
    private final Thread sender;
    private final Thread receiver;
    private volatile boolean closed;

    /** When the first and the last datagram came; 0: none has. */
    private volatile long first;

    private volatile long last;

    Flow(int port) {
      InetSocketAddress to = new InetSocketAddress(endpoints.serverAddress().toInetAddress(), port);
      server = endpoints.server().call(() -> new DatagramSocket(to));
      client = endpoints.client().call(() -> new DatagramSocket());
      receiver = started("probe-receiver", this::receive);
      sender = started("probe-sender", () -> send(to));
    }

    private Thread started(String name, Runnable work) {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      thread.start();
      return thread;
    }

    private void send(InetSocketAddress to) {
      DatagramPacket packet = new DatagramPacket(new byte[1], 1, to);
      while (!closed) {
        try {
          client.send(packet);
        } catch (IOException e) {
          if (!closed) {
            throw new UncheckedIOException(e);
          }
        }
        LockSupport.parkNanos(PACE.toNanos());
      }
    }

    private void receive() {
      DatagramPacket packet = new DatagramPacket(new byte[1], 1);
      while (!closed) {
        try {
          server.receive(packet);
          last = System.nanoTime();
          if (first == 0) {
            first = last;
          }
        } catch (IOException e) {
          if (!closed) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }

    void await(String otherwise, BooleanSupplier seen) {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      while (!seen.getAsBoolean()) {
        if (System.nanoTime() - deadline > 0) {
          throw new IllegalStateException(otherwise);
        }
        LockSupport.parkNanos(PACE.toNanos());
      }
    }

    @Override
    public void close() {
      closed = true;
      client.close();
      server.close();
      try {
        sender.join();
        receiver.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
