package dev.sluice.backend.bridge;

import dev.sluice.core.datapath.CommonLimits;
import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Network;
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
    List<Refusal> out = new ArrayList<>(CommonLimits.refusals(topology, BridgeDatapath.NAME));
    Map<String, Integer> ports = new HashMap<>();
    topology.endpoints().stream()
        .flatMap(endpoint -> endpoint.interfaces().stream())
        .forEach(iface -> ports.merge(iface.network(), 1, Integer::sum));
    for (int i = 0; i < topology.networks().size(); i++) {
      refuse(topology.networks().get(i), "spec.networks[" + i + "]", ports, out);
    }
    return out;
  }

  private static void refuse(
      Network network, String path, Map<String, Integer> ports, List<Refusal> out) {
    if (network.parent().isPresent()) {
      out.add(
          new Refusal(
              path + ".parent",
              "a bridge has no parent device; leave it out, or use ebpf or macvlan"));
    }
    if (!network.gatewayOnNode()) {
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
