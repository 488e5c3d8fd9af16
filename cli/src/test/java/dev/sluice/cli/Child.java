package dev.sluice.cli;

import dev.sluice.testkit.ClassArchive;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program in a process of its own. Standard error is read, standard output thrown away. */
final class Child implements AutoCloseable {

  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final String EXAMPLE = "../examples/two-subnets.yaml";

  private static final long LIMIT_SECONDS = 60;

  private final Process process;
  private final BufferedReader err;

  /** {@code launcher}: what runs the JVM, if anything does. */
  Child(List<String> launcher, String... args) throws IOException {
    this(launcher, ClassArchive.options(Child::train), args);
  }

  private Child(List<String> launcher, List<String> options, String... args) throws IOException {
    List<String> command = new ArrayList<>(launcher);
    // A shell's background jobs ignore SIGINT, and what they start inherits that.
    command.addAll(List.of("env", "--default-signal=INT,TERM", JAVA));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.add(Main.class.getName());
    command.addAll(List.of(args));
    process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    process.getOutputStream().close();
    err =
        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
  }

  private static String train(List<String> options) throws IOException {
    try (LabNode node = new LabNode();
        Child child = new Child(List.of(), options, "plan", EXAMPLE, "--node-netns", node.name())) {
      return child.rest();
    }
  }

  /** Waits for a line that contains {@code text}, and returns it. */
  String awaitLine(String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    for (String line = err.readLine(); line != null; line = err.readLine()) {
      if (line.contains(text)) {
        return line;
      }
      seen.append(line).append('\n');
    }
    throw new AssertionError("no line with '" + text + "' in: " + seen);
  }

  /** What is left of standard error, to its end. */
  String rest() throws IOException {
    StringBuilder out = new StringBuilder();
    for (String line = err.readLine(); line != null; line = err.readLine()) {
      out.append(line).append('\n');
    }
    return out.toString();
  }

  long pid() {
    return process.pid();
  }

  void signal(String name) {
    LabNode.shell("kill -" + name + " " + process.pid());
  }

  int await() throws InterruptedException {
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("still running after " + LIMIT_SECONDS + " s");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
