package dev.sluice.backend.ebpf;

import dev.sluice.bpf.render.NumberClashes;
import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.datapath.VethLimits;
import dev.sluice.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/** What the eBPF datapath cannot honour, field by field. */
final class EbpfLimits {

  private EbpfLimits() {}

  static List<Refusal> refusals(Topology topology) {
    List<Refusal> out = new ArrayList<>(VethLimits.refusals(topology, EbpfDatapath.NAME));
    out.addAll(NumberClashes.refusals(topology));
    for (int i = 0; i < topology.networks().size(); i++) {
      out.addAll(
          VethLimits.refusals(
              topology.networks().get(i), "spec.networks[" + i + "]", "on the ebpf datapath"));
    }
    return out;
  }
}
