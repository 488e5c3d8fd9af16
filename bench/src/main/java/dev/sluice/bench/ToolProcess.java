package dev.sluice.bench;

import dev.sluice.bench.TcpSockets.State;
import dev.sluice.bench.workload.Endpoints;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.sys.Affinity;
import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One process of a foreign tool, in a namespace and on a CPU; closing ends it. */
final class ToolProcess implements AutoCloseable {

  private static final Duration START_LIMIT = Duration.ofSeconds(5);
  private static final Duration END_LIMIT = Duration.ofSeconds(2);

  /** Beyond the time that a client was told to run for. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final String what;
  private final Process process;
  private final Path output;

  private ToolProcess(String what, Process process, Path output) {
    this.what = what;
    this.process = process;
    this.output = output;
  }

  /** A child has the namespace and the CPUs of the thread that starts it. */
  private static ToolProcess start(Netns netns, int cpu, List<String> command) {
    try {
      Path output = Files.createTempFile("sluice-tool", ".out");
      Process process =
          netns.call(
              () -> {
                Affinity.pin(cpu);
                return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
              });
      return new ToolProcess(String.join(" ", command), process, output);
    } catch (IOException e) {
      throw new SluiceException(Category.TRANSIENT, command.get(0) + ": " + e, e);
    }
  }

  /**
   * Runs {@code tool} once between {@code endpoints}, both ends on {@code cpu}; the server ends
   * with the client.
   *
   * @return what it has measured
   */
  static double run(ForeignTool tool, Endpoints endpoints, int port, int cpu, int seconds)
      throws InterruptedException {
    String address = endpoints.serverAddress().toString();
    try (ToolProcess server = start(endpoints.server(), cpu, tool.server(address, port))) {
      server.awaitListening(endpoints.server(), port);
      try (ToolProcess client =
          start(endpoints.client(), cpu, tool.client(address, port, seconds))) {
        return tool.figure(client.awaitEnd(GRACE.plusSeconds(seconds)));
      }
    }
  }

  private String awaitEnd(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw failure("no end after " + limit.toSeconds() + " s");
    }
    if (process.exitValue() != 0) {
      throw failure("exit status " + process.exitValue());
    }
    return text();
  }

  private void awaitListening(Netns netns, int port) throws InterruptedException {
    long deadline = System.nanoTime() + START_LIMIT.toNanos();
    while (!TcpSockets.any(netns, port, State.LISTEN)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw failure("it does not listen");
      }
      Thread.sleep(5);
    }
  }

  private SluiceException failure(String why) {
    return new SluiceException(Category.TRANSIENT, what + ": " + why + ": " + text());
  }

  private String text() {
    try {
      return Files.readString(output, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Returns when it is gone, by its own will or not. */
  @Override
  public void close() {
    process.destroy();
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        interrupted = true;
        process.destroyForcibly();
      }
    }
    try {
      Files.deleteIfExists(output);
    } catch (IOException e) {
      throw failure("its output cannot be removed: " + e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
