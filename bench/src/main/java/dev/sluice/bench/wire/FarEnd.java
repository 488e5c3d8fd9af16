package dev.sluice.bench.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.bench.wire.Request.Counted;
import dev.sluice.bench.wire.Request.Description;
import dev.sluice.bench.wire.Request.Listening;
import dev.sluice.bench.wire.Request.Reply;
import dev.sluice.bench.workload.Sockets;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;

/**
 * The other end of the wire, as this one has it do things: each method sends a request, and those
 * named {@code await…} wait for the answer, so that this end works meanwhile.
 */
public final class FarEnd implements AutoCloseable {

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /** A datapath that comes up or goes down, with the programs that have to be verified for it. */
  private static final Duration ANSWER_LIMIT = Duration.ofMinutes(1);

  private final Line line;
  private final String address;

  private FarEnd(Line line, String address) {
    this.line = line;
    this.address = address;
  }

  /**
   * Connects to the peer that listens at {@code address}.
   *
   * @param from the namespace that leads there
   * @param token that it has printed
   * @param version of this end; the peer's has to be the same
   * @throws InterruptedException if this thread is interrupted, as for all methods
   */
  public static FarEnd connect(Netns from, InetSocketAddress address, String token, String version)
      throws InterruptedException {
    String peer = address.getAddress().getHostAddress() + " port " + address.getPort();
    try {
      Line line = new Line(Sockets.connect(from, address, CONNECT_LIMIT));
      try {
        Handshake.introduce(line, token, version, peer);
        return new FarEnd(line, peer);
      } catch (IOException | RuntimeException e) {
        line.close();
        throw e;
      }
    } catch (IOException e) {
      throw broken(
          "no peer at %s: %s; is sluice peer running there, and serving nobody else?"
              .formatted(peer, e.getMessage()),
          e);
    }
  }

  /** What the other host is, at this moment. */
  Description describe() throws InterruptedException {
    send(new Request.Describe());
    return await(Description.class, ANSWER_LIMIT);
  }

  /** Where it is, for people. */
  String address() {
    return address;
  }

  void up(String candidate, EndSpec spec) throws InterruptedException {
    send(new Request.Up(candidate, spec));
  }

  void down() throws InterruptedException {
    send(new Request.Down());
  }

  /** Waits until what was asked for last is done. */
  void awaitDone() throws InterruptedException {
    await(JsonNode.class, ANSWER_LIMIT);
  }

  /** Has the server's half of a slice begun; returns the port at which it listens. */
  int serve(String workload, IpAddress server, int port, Duration slice)
      throws InterruptedException {
    send(new Request.Serve(workload, server.toString(), port, slice.toMillis()));
    return await(Listening.class, ANSWER_LIMIT).port();
  }

  /** What the server has counted in the slice that has just ended. */
  Counted awaitCounted() throws InterruptedException {
    return await(Counted.class, ANSWER_LIMIT);
  }

  private void send(Request request) throws InterruptedException {
    try {
      line.send(request);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private <T> T await(Class<T> type, Duration limit) throws InterruptedException {
    try {
      Reply reply = line.receive(Reply.class, Line.LARGEST, limit);
      if (!reply.error().isEmpty()) {
        throw new SluiceException(
            category(reply.category()), "peer at %s: %s".formatted(address, reply.error()));
      }
      return Line.MAPPER.treeToValue(reply.result(), type);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private static Category category(String name) {
    return Arrays.stream(Category.values())
        .filter(c -> c.name().equals(name))
        .findFirst()
        .orElse(Category.TRANSIENT);
  }

  private SluiceException lost(IOException e) throws InterruptedException {
    return broken("the peer at %s is lost: %s".formatted(address, e.getMessage()), e);
  }

  /** An interrupt closes the channel that it meets, and shows as a failure of that channel. */
  private static SluiceException broken(String message, IOException e) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("interrupted while talking to the peer");
    }
    return new SluiceException(Category.TRANSIENT, message, e);
  }

  /** The other end then takes down what is up there. */
  @Override
  public void close() {
    try {
      line.close();
    } catch (IOException e) {
      throw new SluiceException(
          Category.TRANSIENT, "close the connection to %s: %s".formatted(address, e), e);
    }
  }
}
