package dev.sluice.core.reconcile;

import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.error.SluiceException;
import dev.sluice.core.error.SluiceException.Category;
import dev.sluice.core.error.UnsupportedFeatureException;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelState;
import dev.sluice.core.reconcile.Intent.Declared;
import dev.sluice.core.topology.ResidentReader;
import dev.sluice.core.topology.Topology;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** What declared topologies come to on a node. */
final class Renderer {

  private final NodeFacts facts;
  private final Map<String, Datapath> datapaths;
  private final ResidentReader reader = new ResidentReader();

  /** Sources already read: one operation needs a topology several times. */
  private final Map<Declared, Topology> known = new ConcurrentHashMap<>();

  Renderer(NodeFacts facts, Map<String, Datapath> datapaths) {
    this.facts = facts;
    this.datapaths = Map.copyOf(datapaths);
  }

  Topology read(Declared declared) {
    return known.computeIfAbsent(declared, d -> reader.read(d.file(), d.source()));
  }

  /** What {@code declared} says, where the caller has read it: it need not be read again. */
  void know(Declared declared, Topology topology) {
    known.put(declared, topology);
  }

  /** A process that stays would know every text that it was ever given. */
  void forgetAllBut(List<Intent> intents) {
    Set<Declared> stored = new HashSet<>();
    for (Intent intent : intents) {
      intent.previous().ifPresent(stored::add);
      intent.wanted().ifPresent(stored::add);
    }
    known.keySet().retainAll(stored);
  }

  /** The objects that the topology is made of, in that epoch. */
  KernelState render(Declared declared, int epoch) {
    Topology topology = read(declared);
    Datapath datapath = datapath(declared);
    Support support = datapath.support(facts.features());
    if (!support.runs()) {
      throw new UnsupportedFeatureException(
          "this host cannot run the " + datapath.name() + " datapath",
          support.lacks().stream().map(KernelFeature::lack).toList());
    }
    return datapath.render(DesiredState.of(facts, topology, epoch));
  }

  /** By which what the topology counts is read. */
  CountReader counts(Declared declared) {
    return new CountReader(datapath(declared), DesiredState.of(facts, read(declared)));
  }

  Datapath datapath(Declared declared) {
    Datapath datapath = datapaths.get(declared.datapath());
    if (datapath == null) {
      throw new SluiceException(
          Category.USER,
          "there is no datapath %s; there are: %s"
              .formatted(
                  declared.datapath(), String.join(", ", new TreeMap<>(datapaths).keySet())));
    }
    return datapath;
  }
}
