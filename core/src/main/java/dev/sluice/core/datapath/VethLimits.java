package dev.sluice.core.datapath;

import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.List;

/**
 * What no datapath of veth pairs whose gateway is the node ({@link PortRender}, {@link
 * GatewayRender}) can honour, field by field.
 */
public final class VethLimits {

  private VethLimits() {}

  /** Of all but the networks. */
  public static List<Refusal> refusals(Topology topology, String datapath) {
    List<Refusal> out = new ArrayList<>();
    for (int i = 0; i < topology.endpoints().size(); i++) {
      Endpoint endpoint = topology.endpoints().get(i);
      for (int j = 0; j < endpoint.interfaces().size(); j++) {
        if (endpoint.interfaces().get(j).rate().isPresent()) {
          out.add(
              new Refusal(
                  "spec.endpoints[%d].interfaces[%d].rate".formatted(i, j),
                  "the " + datapath + " datapath does not limit rates yet"));
        }
      }
    }
    return out;
  }

  /**
   * Of a network.
   *
   * @param where "on a bridge"
   */
  public static List<Refusal> refusals(Network network, String path, String where) {
    List<Refusal> out = new ArrayList<>();
    if (network.parent().isPresent()) {
      out.add(
          new Refusal(path + ".parent", "a parent device is for macvlan and ipvlan; leave it out"));
    }
    if (!network.subnets().stream().allMatch(Subnet::onNode)) {
      out.add(new Refusal(path + ".gateway", where + " the gateway is the node"));
    }
    return out;
  }
}
