package dev.sluice.testkit;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.node.Node;
import dev.sluice.core.node.NodeFactsReader;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.reconcile.Progress;
import dev.sluice.core.reconcile.ReconcileObserver;
import dev.sluice.core.reconcile.Topologies;
import dev.sluice.core.reconcile.kind.Kind;
import dev.sluice.core.reconcile.kind.Kinds;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.TopologyReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;

/** Topologies on a node with one datapath, as a test needs them: nobody counts, nobody waits. */
public final class TestTopologies {

  private static final String FILE = "topology.yaml";

  private TestTopologies() {}

  /** The facts of this machine, probed once. */
  public static NodeFacts facts() {
    return Facts.OF_THIS_MACHINE;
  }

  /** As {@link #facts}, of a machine whose kernel lacks a feature. */
  public static NodeFacts factsWithout(KernelFeature feature) {
    return without(facts(), feature);
  }

  /** The same node, with a kernel that lacks a feature. */
  public static NodeFacts without(NodeFacts facts, KernelFeature feature) {
    Set<KernelFeature> present = new HashSet<>(facts.features().present());
    present.remove(feature);
    return new NodeFacts(
        facts.machineId(), new KernelFeatures(facts.features().release(), present));
  }

  /** The topologies of a node, on {@code datapath}. */
  public static Topologies on(Node node, Datapath datapath) {
    return on(node, datapath, Progress.silent());
  }

  /** As {@link #on(Node, Datapath)}; {@code progress} is told what is being done. */
  public static Topologies on(Node node, Datapath datapath, Progress progress) {
    return on(node, facts(), datapath, progress);
  }

  /** As {@link #on(Node, Datapath)}, as if the machine were another. */
  public static Topologies on(Node node, NodeFacts facts, Datapath datapath, Progress progress) {
    return new Topologies(
        node,
        facts,
        kinds(),
        Map.of(datapath.name(), datapath),
        ReconcileObserver.uncounted(progress));
  }

  /** Core's kinds, and those that the class path of the test offers as services. */
  public static Kinds kinds() {
    return kinds(kind -> kind);
  }

  /** As {@link #kinds()}, with something else in place of each that is offered. */
  static Kinds kinds(Function<Kind<?>, Kind<?>> replacement) {
    List<Kind<?>> more = new ArrayList<>();
    for (Kind<?> kind : ServiceLoader.load(Kind.class)) {
      more.add(replacement.apply(kind));
    }
    return Kinds.core().and(more);
  }

  /** A topology's text, to be applied on {@code datapath}. */
  public static Declared declared(Datapath datapath, String yaml) {
    return new Declared(datapath.name(), FILE, yaml);
  }

  /** The topology that a text declares. */
  public static Topology read(String yaml) {
    return TopologyReader.read(FILE, yaml);
  }

  /** What {@code datapath} makes of a topology on this machine. */
  public static KernelState render(Datapath datapath, String yaml) {
    return datapath.render(DesiredState.of(facts(), read(yaml)));
  }

  private static final class Facts {
    private static final NodeFacts OF_THIS_MACHINE = NodeFactsReader.read(true);
  }
}
