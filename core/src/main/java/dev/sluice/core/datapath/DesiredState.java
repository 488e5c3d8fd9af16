package dev.sluice.core.datapath;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.policy.PolicyResolver;
import dev.sluice.core.policy.PolicyTable;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a render may know: the node's facts, the topology, and its policies resolved.
 *
 * @param epoch a number that is part of whatever says that a flow was admitted: with another epoch
 *     every flow is judged again, though the policy is the same
 */
public record DesiredState(NodeFacts node, Topology topology, PolicyTable policies, int epoch) {

  /** With the topology's policies resolved, in the first epoch. */
  public static DesiredState of(NodeFacts node, Topology topology) {
    return of(node, topology, 0);
  }

  /** With the topology's policies resolved. */
  public static DesiredState of(NodeFacts node, Topology topology, int epoch) {
    return new DesiredState(node, topology, PolicyResolver.resolve(topology), epoch);
  }

  /**
   * All addresses of an endpoint: those of its interfaces, and where a network has IPv6 the
   * link-local one that is made of the interface's MAC.
   */
  public List<IpAddress> addresses(Endpoint endpoint) {
    List<IpAddress> out = new ArrayList<>();
    for (Interface iface : endpoint.interfaces()) {
      out.addAll(addresses(endpoint, iface));
    }
    return out;
  }

  /** As {@link #addresses(Endpoint)}, of one of its interfaces. */
  public List<IpAddress> addresses(Endpoint endpoint, Interface iface) {
    List<IpAddress> out = new ArrayList<>(iface.addresses());
    if (topology.network(iface.network()).hasIpv6()) {
      out.add(IpAddress.linkLocal(mac(endpoint, iface)));
    }
    return out;
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
