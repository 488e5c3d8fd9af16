package dev.sluice.core.datapath;

import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** What no datapath can honour yet, field by field. */
public final class CommonLimits {

  private CommonLimits() {}

  /** Of a topology. */
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
}
