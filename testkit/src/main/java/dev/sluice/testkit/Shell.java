package dev.sluice.testkit;

import dev.sluice.core.node.Node;
import dev.sluice.core.sys.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
    return run(node.netns(), command);
  }

  /** Runs a shell command in a named namespace of the node. */
  public static Result in(Node node, String namespace, String command) {
    try (Netns netns = Netns.open(node.published(namespace))) {
      return run(netns, command);
    }
  }

  private static Result run(Netns netns, String command) {
    // A child inherits the network namespace of the thread that forks it.
    return netns.call(() -> run(List.of("/bin/sh", "-c", command)));
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
