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
import dev.sluice.bench.workload.Session;
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
import java.util.function.Consumer;

/**
 * The other end of a comparison between two hosts: does what its one client asks for, which is no
 * more than {@link Request} has. Whoever is not known gets nothing but a number to answer; whoever
 * says nothing for a while, or goes, is forgotten with all that was up for it.
 */
public final class Peer implements Closeable {

  /** Beside a slice a client says something far more often. */
  private static final Duration SILENCE = Duration.ofMinutes(2);

  private static final Duration LONGEST_SLICE = Duration.ofMinutes(1);
  private static final int LAST_PORT = 65_535;

  /** One is served at a time; others may wait, and give up when they are not greeted. */
  private static final int BACKLOG = 1;

  private static final Path ROOT = Path.of("/");

  private final ServerSocketChannel listener;
  private final WireEnd end;
  private final String token;
  private final String version;
  private final Consumer<String> log;

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
   * @param token of at least 16 characters
   * @param version that a client has to have too
   * @param log is told who comes, what is up, and why somebody went
   */
  public static Peer listen(
      WireEnd end, InetSocketAddress address, String token, String version, Consumer<String> log) {
    if (token.length() < Handshake.LEAST_TOKEN) {
      throw new SluiceException(
          Category.USER,
          "a token of %d characters; give at least %d"
              .formatted(token.length(), Handshake.LEAST_TOKEN));
    }
    if (address.getAddress().isAnyLocalAddress()) {
      throw new SluiceException(
          Category.USER,
          "--listen: %s is every address of the host; give the one that the client reaches"
              .formatted(address.getAddress().getHostAddress()));
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
   * Serves one client after another, until this thread is interrupted or this is closed.
   *
   * @throws InterruptedException always, in the end; nothing is up then
   */
  public void serve() throws InterruptedException {
    try {
      while (true) {
        client(listener.accept());
      }
    } catch (IOException e) {
      if (Thread.interrupted() || !listener.isOpen()) {
        throw new InterruptedException("no longer listening");
      }
      throw new SluiceException(Category.TRANSIENT, "accept: " + e.getMessage(), e);
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
      return new Description(environment.end(), end.parent(), cpu, lacks);
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
      try (ServerSocketChannel server = Sockets.listen(end.endpoint(name), address, 0);
          Session session = half.server(server)) {
        int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
        line.send(new Reply("", "", Line.MAPPER.valueToTree(new Listening(port))));
        try {
          return counted(generator.run(session, length));
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
