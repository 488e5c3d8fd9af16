package dev.sluice.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A namespace that plays the node of a command line, and all that commands leave for it. */
final class LabNode implements AutoCloseable {

  private static final AtomicInteger COUNTER = new AtomicInteger();

  private final String name =
      "slt" + ProcessHandle.current().pid() + "n" + COUNTER.incrementAndGet();

  LabNode() {
    shell("ip netns add " + name);
  }

  String name() {
    return name;
  }

  Path names() {
    return Path.of("/run/sluice/netns-" + name + "/names");
  }

  /** Runs a command on this node. */
  Outcome run(String... args) {
    return runWithInput("", args);
  }

  Outcome runWithInput(String input, String... args) {
    List<String> all = Stream.concat(Stream.of(args), Stream.of("--node-netns", name)).toList();
    return Outcome.withInput(input, all.toArray(String[]::new));
  }

  /** What a shell command in the node's own namespace prints. */
  String witness(String command) {
    return shell("ip netns exec " + name + " " + command);
  }

  static String shell(String command) {
    try {
      Process process =
          new ProcessBuilder("/bin/sh", "-c", command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(command + ": " + output);
      }
      return output;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(command, e);
    }
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(Path.of("/var/lib/sluice/netns-" + name))) {
      runWithInput("", "destroy", TestTopology.NAME);
    }
    shell("ip netns del " + name);
    for (String directory : List.of("/run/sluice/netns-", "/var/lib/sluice/netns-")) {
      delete(Path.of(directory + name));
    }
  }

  private static void delete(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
