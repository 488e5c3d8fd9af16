package dev.sluice.bench.wire;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.sluice.bench.EnvironmentReader;
import dev.sluice.bench.wire.Request.Counted;
import dev.sluice.bench.wire.Request.Description;
import dev.sluice.bench.wire.Request.Listening;
import dev.sluice.bench.wire.Request.Reply;
import dev.sluice.bench.workload.Generator;
import dev.sluice.bench.workload.Halves;
import dev.sluice.bench.workload.Mode;
import dev.sluice.bench.workload.Sample;
import dev.sluice.bench.workload.Sockets;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.kernel.KernelFeature;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The other end of a comparison between two hosts: does what its one client asks for, which is no
 * more than {@link Request} has. Whoever is not known gets nothing but a number to answer; whoever
 * says nothing for a while, or goes, is forgotten with all that was up for it.
 */
public final class Peer implements Closeable {

  /** Beside a slice a client says something far more often. */
  private static final Duration SILENCE = Duration.ofMinutes(2);

  /** Of one slice; a client may ask for any from a millisecond on. */
  public static final Duration LONGEST_SLICE = Duration.ofMinutes(1);

  /** Characters of a token; shorter ones could be guessed. */
  public static final int LEAST_TOKEN = 16;

  private static final int LAST_PORT = 65_535;

  /** Whoever comes while another goes waits for that; less than until a client gives up. */
  private static final Duration LEAVING = Duration.ofSeconds(3);

  private static final int BACKLOG = 4;

  private static final Path ROOT = Path.of("/");

  private final ServerSocketChannel listener;
  private final WireEnd end;
  private final String token;
  private final String version;
  private final Consumer<String> log;

  /** Who holds it is served. */
  private final Semaphore turn = new Semaphore(1);

  private Peer(
      ServerSocketChannel listener,
      WireEnd end,
      String token,
      String version,
      Consumer<String> log) {
    this.listener = listener;
    this.end = end;
    this.token = token;
    this.version = version;
    this.log = log;
  }

  /** A token that nobody guesses. */
  public static String freshToken() {
    return Handshake.freshToken();
  }

  /**
   * Listens at {@code address} of the end's node, and nowhere else.
   *
   * @param address one of the node's, and not every
   * @param token of at least {@link #LEAST_TOKEN} characters
   * @param version that a client has to have too
   * @param log is told who comes, what is up, and why somebody went
   */
  public static Peer listen(
      WireEnd end, InetSocketAddress address, String token, String version, Consumer<String> log) {
    if (token.length() < LEAST_TOKEN) {
      throw new SluiceException(
          Category.USER,
          "a token of %d characters; give at least %d".formatted(token.length(), LEAST_TOKEN));
    }
    try {
      ServerSocketChannel listener = Sockets.listen(end.node().netns(), address, BACKLOG);
      return new Peer(listener, end, token, version, log);
    } catch (IOException e) {
      throw new SluiceException(
          Category.TRANSIENT, "--listen: cannot listen on " + address + ": " + e.getMessage(), e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    try {
      return (InetSocketAddress) listener.getLocalAddress();
    } catch (IOException e) {
      throw new SluiceException(Category.INTERNAL, "the listener is closed: " + e, e);
    }
  }

  /**
   * Serves one client after another, until this thread is interrupted or this is closed; whoever
   * comes meanwhile is told so and sent away.
   *
   * @throws InterruptedException always, in the end; nothing is up then
   */
  public void serve() throws InterruptedException {
    BlockingQueue<SocketChannel> clients = new ArrayBlockingQueue<>(1);
    CompletableFuture<IOException> closed = new CompletableFuture<>();
    Thread here = Thread.currentThread();
    Thread door =
        new Thread(
            () -> {
              try {
                admit(clients);
              } catch (IOException e) {
                closed.complete(e);
                here.interrupt();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "sluice-peer-door");
    door.setDaemon(true);
    door.start();
    try {
      while (true) {
        SocketChannel next = clients.take();
        try {
          client(next);
        } finally {
          turn.release();
        }
      }
    } catch (InterruptedException e) {
      if (closed.isDone() && listener.isOpen()) {
        IOException why = closed.join();
        throw new SluiceException(Category.TRANSIENT, "accept: " + why.getMessage(), why);
      }
      throw e;
    } finally {
      door.interrupt(); // which closes the listener
    }
  }

  /** Lets one in at a time, and tells others so. */
  private void admit(BlockingQueue<SocketChannel> clients)
      throws IOException, InterruptedException {
    while (true) {
      SocketChannel client = listener.accept();
      if (turn.tryAcquire(LEAVING.toMillis(), TimeUnit.MILLISECONDS)) {
        clients.put(client);
      } else {
        refuse(client);
      }
    }
  }

  private void refuse(SocketChannel client) {
    try (Line line = new Line(client)) {
      Handshake.refuse(line, version);
    } catch (IOException e) {
      log.accept("somebody who was to wait is gone: " + e.getMessage());
    }
  }

  private void client(SocketChannel channel) throws InterruptedException {
    String who = channel.socket().getRemoteSocketAddress().toString();
    String why;
    try (Line line = new Line(channel)) {
      Handshake.accept(line, token, version);
      log.accept(who + " has come");
      try (Generator generator = new Generator(List.of(Mode.SAME_CPU))) {
        Client client = new Client(line, generator, new EnvironmentReader(ROOT));
        while (true) {
          client.answer(line.receive(Request.class, Line.LARGEST, SILENCE));
        }
      }
    } catch (IOException e) {
      // An interrupt closes the channel that it meets, and shows as a failure of that channel.
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException("interrupted");
      }
      why = e.getMessage();
    } finally {
      takeDown();
    }
    log.accept(who + " is gone: " + why);
  }

  /** To take down takes a thread that is not interrupted; whoever interrupts it has said so. */
  private void takeDown() {
    boolean interrupted = Thread.interrupted();
    try {
      end.down();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Somebody who is known, and what is under way for it. */
  private final class Client {
    private final Line line;
    private final Generator generator;
    private final EnvironmentReader environment;
    private Optional<EndSpec> spec = Optional.empty();

    Client(Line line, Generator generator, EnvironmentReader environment) {
      this.line = line;
      this.generator = generator;
      this.environment = environment;
    }

    void answer(Request request) throws IOException, InterruptedException {
      Reply reply;
      try {
        reply = new Reply("", "", Line.MAPPER.valueToTree(result(request)));
      } catch (SluiceException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedException(e.getMessage());
        }
        reply = new Reply(e.getMessage(), e.category().name(), NullNode.getInstance());
      } catch (IllegalArgumentException e) {
        reply = new Reply(e.getMessage(), Category.USER.name(), NullNode.getInstance());
      }
      line.send(reply);
    }

    private Object result(Request request) throws IOException, InterruptedException {
      if (request instanceof Request.Up up) {
        if (up.spec().endpoints().size() != 1) {
          throw new SluiceException(Category.USER, "a peer has one endpoint");
        }
        end.up(up.candidate(), up.spec());
        spec = Optional.of(up.spec());
        return Map.of();
      } else if (request instanceof Request.Serve serve) {
        return serve(serve);
      } else if (request instanceof Request.Down) {
        end.down();
        return Map.of();
      }
      return describe();
    }

    private Description describe() {
      Map<String, List<String>> lacks = new TreeMap<>();
      end.datapaths()
          .forEach(
              (name, datapath) ->
                  lacks.put(
                      name,
                      datapath.support(end.facts().features()).lacks().stream()
                          .map(KernelFeature::lack)
                          .toList()));
      int cpu = generator.cpus(Mode.SAME_CPU).server();
      return new Description(environment.end(), end.parent(), end.device(), cpu, lacks);
    }

    /** Says where it listens before the slice, and returns what came of it after. */
    private Counted serve(Request.Serve wanted) throws IOException, InterruptedException {
      Duration length = Duration.ofMillis(wanted.millis());
      Halves half =
          Halves.named(wanted.workload())
              .orElseThrow(() -> bad("no workload " + wanted.workload() + " between two hosts"));
      if (length.compareTo(LONGEST_SLICE) > 0 || length.toMillis() < 1) {
        throw bad("a slice of 1 ms to %d s".formatted(LONGEST_SLICE.toSeconds()));
      }
      if (wanted.port() < 0 || wanted.port() > LAST_PORT) {
        throw bad("no port " + wanted.port());
      }
      String name = spec.orElseThrow(() -> bad("nothing is up")).endpoints().get(0).name();
      InetSocketAddress address =
          new InetSocketAddress(IpAddress.parse(wanted.address()).toInetAddress(), wanted.port());
      try (Halves.Serving server = half.listen(end.endpoint(name), address)) {
        line.send(new Reply("", "", Line.MAPPER.valueToTree(new Listening(server.port()))));
        try {
          return counted(generator.run(server.session(), length));
        } catch (IOException e) {
          throw new SluiceException(
              Category.TRANSIENT, "the traffic broke off: " + e.getMessage(), e);
        }
      }
    }

    private static Counted counted(Sample sample) {
      return sample instanceof Sample.Throughput stream
          ? new Counted(stream.bytes(), stream.nanos())
          : new Counted(0, 1);
    }
  }

  private static SluiceException bad(String what) {
    return new SluiceException(Category.USER, what);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
