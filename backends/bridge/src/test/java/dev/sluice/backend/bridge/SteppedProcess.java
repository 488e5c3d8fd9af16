package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeDirectories;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.sys.Netns;
import dev.sluice.testkit.TestTopologies;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Another process that changes a test's node once it is told how, and stands still at one of its
 * steps, to be killed there: before the intent is stored, at the beginning of a stage, before a
 * system call that carries netlink requests which change something, before and after each nft
 * transaction.
 */
final class SteppedProcess implements AutoCloseable {

  /** What is asked just before each nft transaction, and after it. */
  static final String TRANSACTION = "get ruleset generation";

  private static final String STOPPED = "stopped: ";
  private static final String DONE = "done";

  private final Node node;
  private final Process process;
  private final BufferedReader lines;
  private final BufferedWriter commands;

  private SteppedProcess(Node node, Process process) {
    this.node = node;
    this.process = process;
    this.lines = process.inputReader(StandardCharsets.UTF_8);
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
  }

  /** Starts one that waits for {@link #change}. */
  static SteppedProcess start(Node node) {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                SteppedProcess.class.getName(),
                node.directories().state().getParent().toString())
            .redirectErrorStream(true);
    // It inherits the network namespace of the thread that forks it.
    return new SteppedProcess(node, node.netns().call(builder::start));
  }

  /**
   * Lets it apply {@code yaml}, or destroy the topology if that is empty, and waits until it has
   * come to the step of that number.
   *
   * @return what it is about to do; empty if it was done before. Any other end is a failure.
   */
  Optional<String> change(String yaml, int step) throws IOException {
    Path file = Files.createTempFile(node.directories().run().getParent(), "topology", ".yaml");
    Files.writeString(file, yaml);
    commands.write(step + " " + file + "\n");
    commands.flush();
    StringBuilder output = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(STOPPED)) {
        return Optional.of(line.substring(STOPPED.length()));
      }
      if (line.equals(DONE)) {
        return Optional.empty();
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

  /** What it runs; its argument is the directory of the node. */
  public static void main(String[] args) throws IOException {
    TestTopologies.facts();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String command = in.readLine();
    if (command == null) {
      return;
    }
    int space = command.indexOf(' ');
    Stepper stepper = new Stepper(Integer.parseInt(command.substring(0, space)));
    String yaml = Files.readString(Path.of(command.substring(space + 1)));
    try (Node node =
        new Node("another process", Netns.current(), NodeDirectories.under(Path.of(args[0])))) {
      Map<String, Datapath> datapaths = Map.of(Bed.DATAPATH.name(), Bed.DATAPATH);
      Bed bed =
          new Bed(
              node,
              new Topologies(
                  node, TestTopologies.facts(), TestTopologies.kinds(), datapaths, stepper));
      if (yaml.isEmpty()) {
        bed.destroy();
      } else {
        bed.apply(yaml);
      }
      System.out.println(DONE);
    }
  }

  private static final class Stepper implements ReconcileObserver, NetlinkObserver, Progress {
    private int left;
    private boolean begun;

    Stepper(int step) {
      this.left = step;
    }

    /** All that other threads are about to do stands still too. */
    private synchronized void step(String what) {
      if (begun && left-- == 0) {
        System.out.println(STOPPED + what);
        try {
          // Until the test is gone.
          while (System.in.read() >= 0) {}
        } catch (IOException e) {
          System.out.println(e);
        }
        Runtime.getRuntime().halt(1);
      }
    }

    @Override
    public synchronized void steps(Plan plan) {
      begun = true;
      step("store the intent");
    }

    @Override
    public void stage(String what, int count) {
      step(what);
    }

    @Override
    public void sending(List<Request> requests) {
      Request first = requests.get(0);
      if (first.mutating() || first.operation().equals(TRANSACTION)) {
        step(first.toString());
      }
    }

    @Override
    public Progress progress() {
      return this;
    }

    @Override
    public NetlinkObserver netlink() {
      return this;
    }

    @Override
    public <T> T time(String operation, String datapath, Supplier<T> work) {
      return work.get();
    }

    @Override
    public void drift(int objects) {}

    @Override
    public void note(String text) {}
  }
}
