package dev.sluice.testkit;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.netlink.NetlinkObserver;
import dev.sluice.core.netlink.Request;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeDirectories;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.Plan;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.sys.Netns;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Another process that changes a test's node once it is told how, and stands still at one of its
 * steps, to be killed there: before the intent is stored, at the beginning of a stage, before a
 * system call that carries netlink requests which change something, before and after each nft
 * transaction, before each piece of work on an object of a kind that another module brings.
 */
public final class SteppedProcess implements AutoCloseable {

  /** The number of no step. */
  public static final int NEVER = -1;

  /** What is asked just before each nft transaction, and after it. */
  public static final String TRANSACTION = "get ruleset generation";

  /** What a step begins with that is work on an object of a kind that another module brings. */
  public static final String WORK = "work on ";

  /** What one applies so that an archive has the classes of that. */
  private static final String TRAINING =
      """
      apiVersion: sluice.dev/v1alpha1
      kind: Topology
      metadata: {name: trained}
      spec:
        networks: [{name: red, subnets: [10.0.1.0/24, "fd00:0:0:1::/64"]}]
        endpoints:
          - name: a
            netns: a
            interfaces: [{network: red, name: eth0, addresses: [10.0.1.2, "fd00:0:0:1::2"]}]
      ---
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata: {name: served}
      spec:
        podSelector: {}
        policyTypes: [Ingress]
        ingress: [{ports: [{protocol: UDP, port: 7001}]}]
      """;

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

  /**
   * Starts one that waits for {@link #change}.
   *
   * @param datapath made by its constructor without arguments
   */
  public static SteppedProcess start(Node node, Class<? extends Datapath> datapath) {
    List<String> options = ClassArchive.options(making -> train(datapath, making));
    return new SteppedProcess(node, start(node, datapath, options));
  }

  private static Process start(
      Node node, Class<? extends Datapath> datapath, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.add(SteppedProcess.class.getName());
    command.add(node.directories().state().getParent().toString());
    command.add(datapath.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // It inherits the network namespace of the thread that forks it.
    return node.netns().call(builder::start);
  }

  /** One that applies a topology and ends. */
  private static String train(Class<? extends Datapath> datapath, List<String> options)
      throws IOException {
    try (ThrowawayNode place = ThrowawayNode.create("archive");
        SteppedProcess process =
            new SteppedProcess(place.node(), start(place.node(), datapath, options))) {
      process.change(TRAINING, NEVER);
      return process.lines.lines().collect(Collectors.joining("\n"));
    }
  }

  /**
   * Lets it apply {@code yaml}, or destroy the topology if that is empty, and waits until it has
   * come to the step of that number.
   *
   * @return what it is about to do; empty if it was done before. Any other end is a failure.
   */
  public Optional<String> change(String yaml, int step) throws IOException {
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

  /** What it runs: the directory of the node, the class of the datapath. */
  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    // The process that started this one has just probed.
    NodeFacts facts = NodeFactsReader.read(false);
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
      Datapath datapath =
          Class.forName(args[1]).asSubclass(Datapath.class).getDeclaredConstructor().newInstance();
      Topologies topologies =
          new Topologies(
              node,
              facts,
              TestTopologies.kinds(kind -> stepped(kind, stepper)),
              Map.of(datapath.name(), datapath),
              stepper);
      if (yaml.isEmpty()) {
        topologies.status().forEach(s -> topologies.destroy(s.topology()));
      } else {
        topologies.apply(TestTopologies.declared(datapath, yaml));
      }
      System.out.println(DONE);
    }
  }

  private static <T extends KernelObject> Kind<T> stepped(Kind<T> kind, Stepper stepper) {
    return new SteppedKind<>(kind, stepper::step);
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
