package dev.sluice.core.datapath;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.policy.PolicyResolver;
import dev.sluice.core.policy.PolicyTable;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;

/** All that a render may know: the node's facts, the topology, and its policies resolved. */
public record DesiredState(NodeFacts node, Topology topology, PolicyTable policies) {

  /** With the topology's policies resolved. */
  public static DesiredState of(NodeFacts node, Topology topology) {
    return new DesiredState(node, topology, PolicyResolver.resolve(topology));
  }

  /**
   * The MAC of an endpoint's interface: the declared one, or one derived, the same on every
   * datapath.
   */
  public MacAddress mac(Endpoint endpoint, Interface iface) {
    return iface
        .mac()
        .orElseGet(
            () ->
                MacAddress.derive(
                    node.machineId(), topology.name(), "endpoint", endpoint.name(), iface.name()));
  }
}
