package dev.sluice.core.reconcile;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.error.UnsupportedFeatureException;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.netlink.route.LinkMessage;
import dev.sluice.core.netlink.route.RouteSocket;
import dev.sluice.core.reconcile.kind.Mark;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether the interfaces of the node that topologies name are there, and can be what they are to
 * be.
 */
final class DeviceCheck {

  /** ARPHRD_ETHER. */
  private static final int ETHERNET = 1;

  private DeviceCheck() {}

  /** Throws, with the path of each field that names none, before anything is changed. */
  static void require(NodeSession session, Collection<Topology> topologies) {
    List<String> lacks = faults(session, topologies);
    if (!lacks.isEmpty()) {
      throw new UnsupportedFeatureException(
          "nothing was changed, for interfaces of %s are not what topologies take them for"
              .formatted(session.node().name()),
          lacks);
    }
  }

  /** What is wrong with them, each a sentence that begins with the topology and the field. */
  static List<String> faults(NodeSession session, Collection<Topology> topologies) {
    List<String> out = new ArrayList<>();
    if (topologies.stream().anyMatch(t -> t.networks().stream().anyMatch(DeviceCheck::leadsOut))) {
      NodeSession.all(
          List.of(NetnsRef.NODE),
          node ->
              session.in(
                  node,
                  () -> {
                    try (RouteSocket route = session.route()) {
                      topologies.forEach(t -> check(route, t, out));
                    }
                    return true;
                  }));
      shared(topologies, out);
    }
    return out;
  }

  /** Hosts of a wire that have one address, in two topologies. */
  private static void shared(Collection<Topology> topologies, List<String> out) {
    Map<String, String> owners = new HashMap<>();
    for (Topology topology : topologies) {
      for (int i = 0; i < topology.networks().size(); i++) {
        Network network = topology.networks().get(i);
        if (network.parent().isPresent()) {
          for (IpAddress ip : topology.addressesIn(network)) {
            String host = ip + " on the wire of " + network.parent().get();
            String other = owners.putIfAbsent(host, topology.name());
            if (other != null) {
              out.add(
                  "%sparent: topology %s has %s already; give one of them another address"
                      .formatted(path(topology, i), other, host));
            }
          }
        }
      }
    }
  }

  private static String path(Topology topology, int network) {
    return "topology %s: spec.networks[%d].".formatted(topology.name(), network);
  }

  private static boolean leadsOut(Network network) {
    return network.uplink().isPresent() || network.parent().isPresent();
  }

  private static void check(RouteSocket route, Topology topology, List<String> lacks) {
    for (int i = 0; i < topology.networks().size(); i++) {
      Network network = topology.networks().get(i);
      String path = path(topology, i);
      network
          .uplink()
          .flatMap(name -> fault(name, route.link(name)))
          .ifPresent(fault -> lacks.add(path + "uplink: " + fault));
      network
          .parent()
          .flatMap(name -> parentFault(name, route.link(name), network.mtu()))
          .ifPresent(fault -> lacks.add(path + "parent: " + fault));
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

  private static Optional<String> parentFault(String name, Optional<LinkMessage> link, int mtu) {
    Optional<String> fault = fault(name, link);
    if (fault.isPresent()) {
      return fault;
    }
    LinkMessage parent = link.orElseThrow();
    if (parent.hardwareType() != ETHERNET) {
      return Optional.of(name + " is no Ethernet device; name one that is");
    }
    if (parent.master().isPresent()) {
      return Optional.of(
          "%s is a port of another device, which takes all its frames; name that one, or: ip link set %s nomaster"
              .formatted(name, name));
    }
    if (!parent.isUp()) {
      return Optional.of("%s is down; ip link set %s up".formatted(name, name));
    }
    return parent.mtu() < mtu
        ? Optional.of(
            "%s has an MTU of %d, and the network one of %d; give the network at most %d, or: ip link set %s mtu %d"
                .formatted(name, parent.mtu(), mtu, parent.mtu(), name, mtu))
        : Optional.empty();
  }
}
