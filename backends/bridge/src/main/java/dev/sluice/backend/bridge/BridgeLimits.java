package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the bridge datapath cannot honour, field by field. */
final class BridgeLimits {

  /** BR_MAX_PORTS is 1024, and port number 0 is not used ({@code net/bridge/br_private.h}). */
  private static final int MAX_PORTS = 1023;

  private BridgeLimits() {}

  static List<Refusal> refusals(Topology topology) {
    List<Refusal> out = new ArrayList<>();
    if (!topology.denyFrom().isEmpty()) {
      out.add(
          new Refusal("spec.denyFrom", "the bridge datapath does not filter by deny lists yet"));
    }
    Map<String, Integer> ports = new HashMap<>();
    for (int i = 0; i < topology.endpoints().size(); i++) {
      Endpoint endpoint = topology.endpoints().get(i);
      String path = "spec.endpoints[" + i + "]";
      for (int j = 0; j < endpoint.interfaces().size(); j++) {
        Interface iface = endpoint.interfaces().get(j);
        ports.merge(iface.network(), 1, Integer::sum);
        if (iface.rate().isPresent()) {
          out.add(
              new Refusal(
                  path + ".interfaces[" + j + "].rate",
                  "the bridge datapath does not limit rates yet"));
        }
      }
    }
    for (int i = 0; i < topology.networks().size(); i++) {
      refuse(topology.networks().get(i), "spec.networks[" + i + "]", ports, out);
    }
    return out;
  }

  private static void refuse(
      Network network, String path, Map<String, Integer> ports, List<Refusal> out) {
    if (network.parent().isPresent()) {
      out.add(
          new Refusal(path + ".parent", "a parent device is for macvlan and ipvlan; leave it out"));
    }
    if (!network.subnets().stream().allMatch(Subnet::onNode)) {
      out.add(new Refusal(path + ".gateway", "on a bridge the gateway is the node"));
    }
    int count = ports.getOrDefault(network.name(), 0);
    if (count > MAX_PORTS) {
      out.add(
          new Refusal(
              path,
              "%d interfaces in one network; a Linux bridge has at most %d ports: use more networks"
                  .formatted(count, MAX_PORTS)));
    }
  }
}
