package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.Derived;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.LinkSettings;
import dev.sluice.core.datapath.Routes;
import dev.sluice.core.datapath.Uplinks;
import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Rule;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The node's part in routing a network: gateway addresses on its bridge, and routes in two tables.
 * That of the topology is for what comes in by its bridges; it ends in {@code unreachable}, so that
 * whatever else the node could reach (its interfaces, another topology) is no path for an endpoint,
 * but for what has been found to go by the network's uplink ({@link Uplinks}). The other is for the
 * node's own packets. The main table has no route to the endpoints, so that a node which forwards
 * for others does not forward to them.
 */
final class NetworkRouting {

  /** What a rule calls the interface that the node's own packets come from (ip-rule(8)). */
  private static final String LOCALLY_MADE = "lo";

  private NetworkRouting() {}

  static List<KernelObject> render(DesiredState desired, Network network, String bridge) {
    NetnsRef node = NetnsRef.NODE;
    int table = Derived.table(desired.topology().name());
    List<KernelObject> out = new ArrayList<>();
    for (Subnet subnet : network.subnets()) {
      out.add(new Address(node, bridge, subnet.gateway(), subnet.cidr().prefix()));
      out.add(Routes.onLink(node, Derived.NODE_TABLE, subnet.cidr(), bridge, subnet.gateway()));
      out.add(Routes.onLink(node, table, subnet.cidr(), bridge, subnet.gateway()));
    }
    for (boolean v4 : new boolean[] {true, false}) {
      out.add(rule(v4, LOCALLY_MADE, Optional.empty(), Derived.NODE_TABLE));
      out.add(rule(v4, bridge, Uplinks.ownTable(network), table));
      out.add(Routes.unreachable(node, table, v4));
    }
    out.addAll(LinkSettings.ofGateway(desired.node().features(), bridge, network));
    return out;
  }

  private static Rule rule(boolean v4, String link, Optional<Rule.Marked> marked, int table) {
    return new Rule(NetnsRef.NODE, v4, Derived.RULE_PRIORITY, link, marked, table);
  }
}
