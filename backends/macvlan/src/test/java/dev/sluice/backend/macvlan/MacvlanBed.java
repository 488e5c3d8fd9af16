package dev.sluice.backend.macvlan;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kind.PinnedMaps;
import dev.sluice.bpf.lib.BpfMap;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.node.Node;
import dev.sluice.testkit.DriftBed;
import java.util.stream.Stream;

/** A {@link DriftBed} of macvlans, and what its topology becomes on them. */
final class MacvlanBed {

  private MacvlanBed() {}

  static DriftBed on(Node node) {
    return new DriftBed(node, new MacvlanDatapath());
  }

  static <T extends KernelObject> Stream<T> rendered(Class<T> type) {
    return DriftBed.rendered(new MacvlanDatapath(), type);
  }

  /** The node's link that an endpoint's interface is on. */
  static String parent(String endpoint) {
    return rendered(Macvlan.class)
        .filter(m -> m.netns().equals(NetnsRef.named(endpoint)))
        .findFirst()
        .orElseThrow()
        .parent();
  }

  /** Where the other end of the pair of an endpoint's parent is. */
  static String beyond(String endpoint) {
    return rendered(VethPair.class)
        .filter(pair -> pair.near().name().equals(parent(endpoint)))
        .findFirst()
        .orElseThrow()
        .far()
        .name();
  }

  static BpfObject object() {
    return rendered(BpfObject.class).findFirst().orElseThrow();
  }

  static BpfMap map(DriftBed bed, String name) {
    return PinnedMaps.listed(bed.node(), object(), name).orElseThrow();
  }
}
