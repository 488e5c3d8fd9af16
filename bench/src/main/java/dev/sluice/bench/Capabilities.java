package dev.sluice.bench;

import dev.sluice.bench.report.Results.Capability;
import dev.sluice.bench.report.Results.Kept;
import dev.sluice.core.check.Expected;
import dev.sluice.core.check.Probe.Kind;
import dev.sluice.core.check.Prober;
import dev.sluice.core.check.Promise;
import dev.sluice.core.datapath.Datapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.NodeFacts;
import dev.sluice.core.datapath.RefusedTopologyException;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.topology.Topology;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What each datapath can do for a topology on this host. */
public final class Capabilities {

  private Capabilities() {}

  /**
   * Of {@code known}, in their order.
   *
   * @param measured those that are checked with real packets: all probes of a comparison agree, or
   *     it ends without results
   */
  static List<Capability> of(
      Topology topology,
      NodeFacts facts,
      Collection<Datapath> known,
      Collection<Datapath> measured) {
    List<Kept> kept =
        new Prober(Expected.policies(topology))
            .promises(topology).stream().map(p -> new Kept(words(p), p.probes())).toList();
    Set<String> names = measured.stream().map(Datapath::name).collect(Collectors.toSet());
    return known.stream()
        .map(
            datapath ->
                of(topology, facts, datapath, names.contains(datapath.name()) ? kept : List.of()))
        .toList();
  }

  private static Capability of(
      Topology topology, NodeFacts facts, Datapath datapath, List<Kept> kept) {
    Support support = datapath.support(facts.features());
    return new Capability(
        datapath.name(),
        datapath.summary(),
        support.lacks().stream().map(KernelFeature::lack).toList(),
        support.runs() ? refusals(topology, facts, datapath) : List.of(),
        support.notes(),
        kept);
  }

  /**
   * What a datapath that runs on this kernel cannot honour of the topology; nothing: all is well.
   */
  public static List<String> refusals(Topology topology, NodeFacts facts, Datapath datapath) {
    try {
      datapath.render(DesiredState.of(facts, topology));
      return List.of();
    } catch (RefusedTopologyException e) {
      return e.getMessage().lines().skip(1).map(String::strip).toList();
    }
  }

  private static String words(Promise promise) {
    String transport = promise.transport().name();
    String what =
        switch (promise.kind()) {
          case ENDPOINT -> transport + " between endpoints";
          case GATEWAY -> transport + " from an endpoint to its gateway";
          case NODE -> transport + Kept.FROM_NODE;
          case SELF -> transport + " from an endpoint to itself";
          case MTU -> "packets of the full MTU, " + transport;
        };
    boolean both = promise.kind() == Kind.ENDPOINT || promise.kind() == Kind.GATEWAY;
    return promise.passes() ? what + (both ? ", where policy allows it" : "") : what + Kept.STOPPED;
  }
}
