package dev.sluice.core.datapath;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Rule;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Routing between a topology's networks and the node's interfaces that lead out, alike on every
 * datapath. A packet may go that way only if it bears {@link Derived#UPLINK_MARK}, which the NAT
 * table ({@link NatTable}) sets: whoever takes that table away takes the way with it.
 */
public final class Uplinks {

  /** What has been found to go by an uplink. */
  private static final Rule.Marked MARKED =
      new Rule.Marked(Derived.UPLINK_MARK, Derived.UPLINK_MARK);

  private static final Rule.Marked UNMARKED = new Rule.Marked(0, Derived.UPLINK_MARK);

  private Uplinks() {}

  /**
   * Which of the packets that endpoints of {@code network} send are looked up in the topology's own
   * table. All others go by the rules of the node, as what it sends itself.
   */
  public static Optional<Rule.Marked> ownTable(Network network) {
    return network.uplink().map(u -> UNMARKED);
  }

  /** The uplinks of a topology, in the order of its file. */
  public static Set<String> names(Topology topology) {
    return of(topology).keySet();
  }

  /** The uplinks of a topology, in the order of its file, with the networks that lead to each. */
  static Map<String, List<Network>> of(Topology topology) {
    Map<String, List<Network>> out = new LinkedHashMap<>();
    for (Network network : topology.networks()) {
      network.uplink().ifPresent(u -> out.computeIfAbsent(u, k -> new ArrayList<>()).add(network));
    }
    return out;
  }

  /** The way in by each uplink, and its settings. */
  public static List<KernelObject> render(DesiredState desired) {
    List<KernelObject> out = new ArrayList<>();
    of(desired.topology())
        .forEach(
            (uplink, networks) -> {
              for (boolean v4 : new boolean[] {true, false}) {
                out.add(
                    new Rule(
                        NetnsRef.NODE,
                        v4,
                        Derived.RULE_PRIORITY,
                        uplink,
                        Optional.of(MARKED),
                        Derived.NODE_TABLE));
              }
              out.addAll(LinkSettings.ofUplink(desired.node().features(), uplink, networks));
            });
    return out;
  }
}
