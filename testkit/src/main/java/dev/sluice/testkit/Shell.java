package dev.sluice.testkit;

import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs inside a node's namespaces: independent witnesses of what the code under test did.
 */
public final class Shell {

  private static final long LIMIT_SECONDS = 60;

  private Shell() {}

  /** How a program ended; {@code output} is standard output and error together. */
  public record Result(int status, String output) {

    /** The output of a program that was to succeed. */
    public String orFail() {
      if (status != 0) {
        throw new AssertionError("exit status " + status + ": " + output);
      }
      return output;
    }
  }

  /** Runs a shell command in the node's own namespace. */
  public static Result inNode(Node node, String command) {
    return in(node, NetnsRef.NODE, command);
  }

  /** Runs a shell command in a named namespace of the node. */
  public static Result in(Node node, String namespace, String command) {
    return in(node, NetnsRef.named(namespace), command);
  }

  /** Runs a shell command in a namespace. */
  public static Result in(Node node, NetnsRef where, String command) {
    // A child inherits the network namespace of the thread that forks it.
    return call(node, where, () -> run(List.of("/bin/sh", "-c", command)));
  }

  /** Runs {@code task} on a thread inside a namespace: sockets that it opens belong there. */
  static <T> T call(Node node, NetnsRef where, Callable<T> task) {
    if (where.isNode()) {
      return node.netns().call(task);
    }
    try (Netns netns = Netns.open(node.published(where.name().orElseThrow()))) {
      return netns.call(task);
    }
  }

  private static Result run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(command + " did not end within " + LIMIT_SECONDS + " s");
    }
    return new Result(process.exitValue(), output);
  }
}
