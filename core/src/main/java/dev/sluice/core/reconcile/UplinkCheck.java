package dev.sluice.core.reconcile;

import dev.sluice.core.error.UnsupportedFeatureException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.reconcile.kind.Mark;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Whether the interfaces that topologies take for ways out of the node are there. */
final class UplinkCheck {

  private UplinkCheck() {}

  /** Throws, with the path of each field that names none, before anything is changed. */
  static void require(NodeSession session, Collection<Topology> topologies) {
    if (topologies.stream().anyMatch(t -> t.networks().stream().anyMatch(UplinkCheck::leadsOut))) {
      List<String> lacks = new ArrayList<>();
      NodeSession.all(
          List.of(NetnsRef.NODE),
          node ->
              session.in(
                  node,
                  () -> {
                    try (RouteSocket route = session.route()) {
                      topologies.forEach(t -> check(route, t, lacks));
                    }
                    return true;
                  }));
      if (!lacks.isEmpty()) {
        throw new UnsupportedFeatureException(
            "nothing was changed, for " + session.node().name() + " lacks an uplink", lacks);
      }
    }
  }

  private static boolean leadsOut(Network network) {
    return network.uplink().isPresent();
  }

  private static void check(RouteSocket route, Topology topology, List<String> lacks) {
    for (int i = 0; i < topology.networks().size(); i++) {
      int index = i;
      topology
          .networks()
          .get(i)
          .uplink()
          .flatMap(name -> fault(name, route.link(name)))
          .ifPresent(
              fault ->
                  lacks.add(
                      "topology %s: spec.networks[%d].uplink: %s"
                          .formatted(topology.name(), index, fault)));
    }
  }

  private static Optional<String> fault(String name, Optional<LinkMessage> link) {
    if (link.isEmpty()) {
      return Optional.of(
          "there is no interface " + name + "; name one that 'ip link' shows, or make it");
    }
    return link.filter(l -> Mark.isOurs(l.group()))
        .map(l -> name + " is Sluice's own, and leads to endpoints; name one that leads out");
  }
}
