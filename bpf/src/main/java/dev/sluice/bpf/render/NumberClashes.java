package dev.sluice.bpf.render;

import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One's number must not be another's ({@link Ids}): they would be taken for each other. */
public final class NumberClashes {

  private NumberClashes() {}

  /** The names whose numbers clash, field by field. */
  public static List<Refusal> refusals(Topology topology) {
    List<Refusal> out = new ArrayList<>();
    Map<Integer, String> endpoints = new HashMap<>();
    Map<Integer, String> slots = new HashMap<>();
    Map<Integer, String> networks = new HashMap<>();
    for (int i = 0; i < topology.networks().size(); i++) {
      Network network = topology.networks().get(i);
      refuse(networks, Ids.of(network), network.name(), "spec.networks[" + i + "].name", out);
    }
    for (int i = 0; i < topology.endpoints().size(); i++) {
      Endpoint endpoint = topology.endpoints().get(i);
      String path = "spec.endpoints[" + i + "]";
      refuse(endpoints, Ids.of(endpoint), endpoint.name(), path + ".name", out);
      for (int j = 0; j < endpoint.interfaces().size(); j++) {
        Interface iface = endpoint.interfaces().get(j);
        String name = endpoint.name() + "/" + iface.name();
        refuse(slots, Ids.of(endpoint, iface), name, path + ".interfaces[" + j + "].name", out);
      }
    }
    return out;
  }

  private static void refuse(
      Map<Integer, String> known, int number, String name, String path, List<Refusal> out) {
    String other = known.putIfAbsent(number, name);
    if (other != null) {
      out.add(
          new Refusal(
              path,
              name + " has by chance the same number as " + other + ": give it another name"));
    }
  }
}
