package dev.sluice.core.datapath;

import dev.sluice.core.address.MacAddress;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;

/** All that a render may know: the node's facts and the topology. */
public record DesiredState(NodeFacts node, Topology topology) {

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
