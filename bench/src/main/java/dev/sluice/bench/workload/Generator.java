package dev.sluice.bench.workload;

import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.error.UnsupportedFeatureException;
import dev.sluice.core.sys.Affinity;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The threads that drive traffic: one for clients and one for the servers of each mode, each pinned
 * to its CPU for life, so that candidates differ in nothing but their path. One slice runs at a
 * time. Not for use by several threads.
 */
public final class Generator implements AutoCloseable {

  /** How long a slice may take beyond its length until it counts as stuck. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Duration FAREWELL = Duration.ofSeconds(5);

  private final ExecutorService clients;
  private final Map<Mode, ExecutorService> servers = new EnumMap<>(Mode.class);
  private final Map<Mode, Cpus> cpus = new EnumMap<>(Mode.class);
  private final List<ExecutorService> all = new ArrayList<>();
  private final List<Thread> threads = new CopyOnWriteArrayList<>();

  /**
   * Starts the threads for {@code modes}, on CPUs that this process may use: clients on the last
   * one, since interrupts tend to the first.
   *
   * @throws UnsupportedFeatureException if a mode needs two CPUs and there is one
   */
  public Generator(Iterable<Mode> modes) throws InterruptedException {
    List<Integer> allowed = Affinity.allowed().stream().sorted().toList();
    int clientCpu = allowed.get(allowed.size() - 1);
    try {
      clients = pinned("sluice-client", clientCpu);
      for (Mode mode : modes) {
        if (!servers.containsKey(mode)) {
          if (!Mode.PINNED.contains(mode)) {
            throw new IllegalArgumentException("traffic is pinned");
          }
          int cpu = mode == Mode.SAME_CPU ? clientCpu : another(allowed);
          servers.put(mode, pinned("sluice-server-" + mode.word(), cpu));
          cpus.put(mode, new Cpus(clientCpu, cpu));
        }
      }
    } catch (InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static int another(List<Integer> allowed) {
    if (allowed.size() < 2) {
      throw new UnsupportedFeatureException(
          "cannot measure cross-cpu", List.of("this process may use one CPU only"));
    }
    return allowed.get(0);
  }

  /** Where the two ends of a {@code mode} run, one of those this was started for. */
  public Cpus cpus(Mode mode) {
    return cpus.get(mode);
  }

  private ExecutorService pinned(String name, int cpu) throws InterruptedException {
    ExecutorService executor =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              threads.add(thread);
              return thread;
            });
    all.add(executor);
    try {
      executor.submit(() -> Affinity.pin(cpu)).get();
    } catch (ExecutionException e) {
      throw new SluiceException(
          Category.INTERNAL, "pin " + name + " to CPU " + cpu + ": " + e.getCause(), e.getCause());
    }
    return executor;
  }

  /**
   * Runs one slice. Whatever ends it early closes the session.
   *
   * @throws IOException if the traffic broke off, or the slice did not end in time
   * @throws InterruptedException if this thread was interrupted
   */
  public Sample run(Session session, Duration length) throws IOException, InterruptedException {
    try (Exchange exchange = session.exchange(length)) {
      return run(exchange, session, length);
    }
  }

  private Sample run(Exchange exchange, Session session, Duration length)
      throws IOException, InterruptedException {
    AtomicReference<Throwable> firstFailure = new AtomicReference<>();
    Future<?> server =
        servers.get(session.mode()).submit(half(exchange::server, session, firstFailure));
    Future<?> client = clients.submit(half(exchange::client, session, firstFailure));
    long deadline = System.nanoTime() + length.plus(GRACE).toNanos();
    try {
      await(client, deadline);
      await(server, deadline);
    } catch (TimeoutException e) {
      firstFailure.compareAndSet(
          null, new IOException("no end " + GRACE.toSeconds() + " s after the slice's time", e));
      session.close();
    } catch (InterruptedException e) {
      session.close();
      throw e;
    }
    Throwable failure = firstFailure.get();
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    return exchange.sample();
  }

  private interface Half {
    void run() throws IOException;
  }

  /** The first half to fail takes the other with it: it would wait for ever. */
  private static Callable<Void> half(
      Half half, Session session, AtomicReference<Throwable> firstFailure) {
    return () -> {
      try {
        half.run();
      } catch (IOException | RuntimeException e) {
        firstFailure.compareAndSet(null, e);
        session.close();
      }
      return null;
    };
  }

  private static void await(Future<?> half, long deadline)
      throws InterruptedException, TimeoutException {
    try {
      half.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new SluiceException(Category.INTERNAL, "traffic generator: " + e.getCause(), e);
    }
  }

  /** Ends the threads; returns when they are gone. */
  @Override
  public void close() {
    all.forEach(ExecutorService::shutdownNow);
    boolean interrupted = Thread.interrupted();
    for (Thread thread : threads) {
      try {
        // An executor says that it has terminated while its last thread is still on its way out.
        thread.join(FAREWELL.toMillis());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
