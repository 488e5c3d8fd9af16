package dev.sluice.bpf.render;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfLink.Hook;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapContent;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.core.address.Cidr;
import dev.sluice.core.datapath.Uplinks;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The deny list of a topology: a program at each of its uplinks, by XDP. */
public final class DenyList {

  private static final String FILE = "uplink";
  private static final String PROGRAM = "deny_sources";

  private DenyList() {}

  /** The program and its attachments; nothing where nobody is denied. */
  public static List<KernelObject> render(Topology topology) {
    List<KernelObject> out = new ArrayList<>();
    object(topology)
        .ifPresent(
            object -> {
              out.add(object);
              Uplinks.names(topology)
                  .forEach(uplink -> out.add(BpfLink.of(object, PROGRAM, uplink, Hook.XDP)));
            });
    return out;
  }

  /** The program with its maps; empty where nobody is denied. */
  public static Optional<BpfObject> object(Topology topology) {
    if (topology.denyFrom().isEmpty()) {
      return Optional.empty();
    }
    List<MapContent> maps =
        List.of(
            MapContent.counters(
                "denied",
                Sizes.of(topology.denyFrom().size()),
                topology.denyFrom().stream().map(block -> Bytes.u64Of(id(block))).toList()),
            sources(topology, true),
            sources(topology, false));
    // No topology has a blank in its name: this is the name of no other's object.
    return Optional.of(BpfObject.of(topology.name() + " uplinks", FILE, maps));
  }

  /** The number by which what comes from a block is counted. */
  public static long id(Cidr block) {
    return Ids.u64("denied", block.toString());
  }

  private static MapContent sources(Topology topology, boolean v4) {
    SortedMap<MapValue, MapValue> entries = new TreeMap<>();
    Layout layout = v4 ? Layout.SOURCE_V4 : Layout.SOURCE_V6;
    topology.denyFrom().stream()
        .filter(block -> block.isV4() == v4)
        .forEach(
            block ->
                entries.put(
                    Bytes.of(layout)
                        .u32("prefix", block.prefix())
                        .bytes("address", block.address().bytes())
                        .value(),
                    Bytes.u64Of(id(block))));
    return MapContent.exact(v4 ? "sources_v4" : "sources_v6", Sizes.of(entries.size()), entries);
  }
}
