package dev.sluice.bpf.kind;

import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Key;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeDirectories;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.node.ThrowawayNode;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.kind.Action;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.NetnsSnapshot;
import dev.sluice.core.reconcile.kind.Phase;
import dev.sluice.core.reconcile.kind.World;
import dev.sluice.core.sys.Netns;
import dev.sluice.testkit.ClassArchive;
import dev.sluice.testkit.TestTopologies;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Another process, that applies the sample on a test's node until a phase, and is killed there. */
final class KilledProcess {

  private static final String STOPPED = "stopped";

  /** In place of a phase: it is not killed. */
  private static final String END = "END";

  private KilledProcess() {}

  /** Returns once it is dead. A machine of other facts than this one lacks TCX. */
  static void apply(SampleBed bed, int room, Phase phase) throws IOException {
    Node node = bed.node();
    boolean hasTcx = bed.facts().equals(TestTopologies.facts());
    Process process =
        start(node, ClassArchive.options(KilledProcess::train), room, hasTcx, phase.name());
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      StringBuilder output = new StringBuilder();
      for (String line = lines.readLine(); !STOPPED.equals(line); line = lines.readLine()) {
        if (line == null) {
          throw new AssertionError("the process ended: " + output);
        }
        output.append(line).append('\n');
      }
    } finally {
      process.destroyForcibly().onExit().join();
    }
  }

  /** {@code until}: the name of a phase, or of none. */
  private static Process start(
      Node node, List<String> options, int room, boolean hasTcx, String until) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.addAll(options);
    command.add(KilledProcess.class.getName());
    command.add(node.directories().state().getParent().toString());
    command.addAll(List.of(Integer.toString(room), Boolean.toString(hasTcx), until));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // It inherits the network namespace of the thread that forks it.
    return node.netns().call(builder::start);
  }

  private static String train(List<String> options) throws IOException {
    try (ThrowawayNode place = ThrowawayNode.create("archive")) {
      Process process = start(place.node(), options, 1, true, END);
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What it runs. */
  public static void main(String[] args) {
    Sampled sampled = Sampled.first().withRoom(Integer.parseInt(args[1]));
    Sampled datapath =
        args[3].equals(END) ? sampled : sampled.with(new Stop(Phase.valueOf(args[3])));
    // The process that started this one has just probed.
    NodeFacts facts = NodeFactsReader.read(false);
    try (Node node =
        new Node("another process", Netns.current(), NodeDirectories.under(Path.of(args[0])))) {
      new Topologies(
              node,
              Boolean.parseBoolean(args[2])
                  ? facts
                  : TestTopologies.without(facts, KernelFeature.BPF_TCX),
              TestTopologies.kinds().and(List.of(new StopKind())),
              Map.of(datapath.name(), datapath),
              ReconcileObserver.uncounted(Progress.silent()))
          .apply(TestTopologies.declared(datapath, SampleBed.YAML));
    }
  }

  /** An object that is never made. */
  private record Stop(Phase phase) implements KernelObject {
    @Override
    public Key key() {
      return new Key(Key.Type.RULE, NetnsRef.NODE, "stop");
    }
  }

  private static final class StopKind implements Kind<Stop> {

    @Override
    public Class<Stop> type() {
      return Stop.class;
    }

    @Override
    public void observe(World world, NetnsSnapshot here, Consumer<KernelObject> ours) {}

    @Override
    public Optional<String> foreign(World world, Stop wanted) {
      return Optional.empty();
    }

    @Override
    public boolean updatable(Stop from, Stop to) {
      return true;
    }

    @Override
    public List<Action> create(Stop stop) {
      return List.of(new Action.Call(NetnsRef.NODE, stop.phase(), names -> standStill()));
    }

    @Override
    public List<Action> update(Stop from, Stop to) {
      return create(to);
    }

    @Override
    public List<Action> delete(Stop object) {
      return List.of();
    }
  }

  private static void standStill() {
    System.out.println(STOPPED);
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
