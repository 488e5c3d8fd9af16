package dev.sluice.backend.bridge;

import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeDirectories;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.sys.Netns;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Another process that applies or destroys on a test's node: at its own pace, or until the
 * beginning of a stage, where it waits to be killed.
 */
final class StoppingProcess implements AutoCloseable {

  static final int NEVER = -1;

  private static final String STOPPED = "stopped";
  private static final String DONE = "done";

  private final Process process;
  private final BufferedReader lines;

  private StoppingProcess(Process process) {
    this.process = process;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts a process that applies {@code yaml}, or destroys the topology if it is empty. */
  static StoppingProcess start(Node node, String yaml, int stage) throws IOException {
    Path file = Files.createTempFile(node.directories().run().getParent(), "topology", ".yaml");
    Files.writeString(file, yaml);
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StoppingProcess.class.getName(),
                node.directories().state().getParent().toString(),
                file.toString(),
                Integer.toString(stage))
            .redirectErrorStream(true);
    // It inherits the network namespace of the thread that forks it.
    return new StoppingProcess(node.netns().call(builder::start));
  }

  /** What it runs: directory of the node, file of the topology, number of the stage to stop at. */
  public static void main(String[] args) throws IOException {
    String yaml = Files.readString(Path.of(args[1]));
    Stopper stopper = new Stopper(Integer.parseInt(args[2]));
    try (Node node =
        new Node("another process", Netns.current(), NodeDirectories.under(Path.of(args[0])))) {
      Bed bed = Bed.on(node, stopper);
      if (yaml.isEmpty()) {
        bed.destroy();
      } else {
        bed.apply(yaml);
      }
      System.out.println(DONE);
    }
  }

  private static final class Stopper implements Progress {
    private int left;

    Stopper(int stage) {
      this.left = stage;
    }

    @Override
    public void stage(String what, int count) {
      if (left-- == 0) {
        System.out.println(STOPPED);
        try {
          TimeUnit.HOURS.sleep(1);
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public void note(String text) {}
  }

  /** Whether it came to its stage; false if it was done before. Any other end is a failure. */
  boolean stopped() throws IOException {
    StringBuilder output = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals(STOPPED) || line.equals(DONE)) {
        return line.equals(STOPPED);
      }
      output.append(line).append('\n');
    }
    throw new AssertionError("the process ended: " + output);
  }

  /** Kills it as the kernel does when memory runs out: nothing is cleaned up. */
  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
