package dev.sluice.bench.targets;

import dev.sluice.core.sys.Netns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A shell in a node's namespace, which forks nft(8) as it is told: the JVM's own fork is slow. */
final class NftShell implements AutoCloseable {

  private final Process shell;
  private final PrintStream in;
  private final BufferedReader out;

  NftShell(Netns node) {
    ProcessBuilder builder = new ProcessBuilder("bash");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    shell = node.call(builder::start);
    in = new PrintStream(shell.getOutputStream(), true, StandardCharsets.UTF_8);
    out = shell.inputReader(StandardCharsets.UTF_8);
  }

  /** Runs a command, as a shell reads it, to its end; it has to succeed and to print nothing. */
  void run(String command) {
    in.println(command + "; echo $?");
    try {
      String status = out.readLine();
      if (!"0".equals(status)) {
        throw new IllegalStateException(command + ": " + status);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    in.close();
    shell.destroy();
  }
}
