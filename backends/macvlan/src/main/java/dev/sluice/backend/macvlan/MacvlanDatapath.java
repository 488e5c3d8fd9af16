package dev.sluice.backend.macvlan;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.kernel.MapValue;
import dev.sluice.bpf.render.Bytes;
import dev.sluice.bpf.render.FilteringDatapath;
import dev.sluice.bpf.render.Ids;
import dev.sluice.bpf.render.Layout;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.LinkSettings;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Macvlans in VEPA mode on a parent for each network, a device of ours that leads nowhere. All that
 * they send comes to the parent's egress, where a program decides on it and turns what may pass
 * round.
 */
public final class MacvlanDatapath extends FilteringDatapath {

  public static final String NAME = "macvlan";

  /** {@code FIRST_SLAVE}: far from what a kernel gives by itself. */
  private static final int FIRST_INDEX = 0x40000000;

  public MacvlanDatapath() {
    super("parent");
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "macvlans in VEPA mode, filtered and turned round by BPF programs at their parent";
  }

  /** By the kernel's own types a program learns who sends. */
  @Override
  protected Set<KernelFeature> needed() {
    return EnumSet.of(KernelFeature.MACVLAN, KernelFeature.BTF);
  }

  /** A mark that nobody else on the machine needs to know, and no two topologies have. */
  @Override
  protected SortedMap<String, Long> settings(DesiredState desired) {
    int mark = Ids.u32("passed", desired.node().machineId(), desired.topology().name());
    SortedMap<String, Long> out = new TreeMap<>();
    out.put("passed_mark", Integer.toUnsignedLong(mark));
    return out;
  }

  @Override
  protected String way(Topology topology, Endpoint endpoint, Interface iface) {
    return parent(topology, iface.network());
  }

  @Override
  protected String senders() {
    return "senders";
  }

  @Override
  protected MapValue sender(Topology topology, Endpoint endpoint, Interface iface) {
    return Bytes.of(Layout.SENDER)
        .netnsCookie("netns", endpoint.netns())
        .u32("link", index(endpoint, iface))
        .value();
  }

  private static int index(Endpoint endpoint, Interface iface) {
    return FIRST_INDEX | (Ids.of(endpoint, iface) & (FIRST_INDEX - 1));
  }

  private static String parent(Topology topology, String network) {
    return Derived.linkName("sp", network, topology.name(), "parent", network);
  }

  @Override
  protected List<KernelObject> base(DesiredState desired, BpfObject object) {
    List<KernelObject> out = new ArrayList<>();
    out.add(BpfLink.tracing(object, "note_sender"));
    desired.topology().networks().forEach(n -> out.addAll(parent(desired, object, n)));
    return out;
  }

  /**
   * One end of a veth pair whose other end leads nowhere: a device that has a carrier, so that its
   * slaves have one. A bridge without ports may lose its own.
   */
  private static List<KernelObject> parent(
      DesiredState desired, BpfObject object, Network network) {
    Topology topology = desired.topology();
    String parent = parent(topology, network.name());
    String beyond =
        Derived.linkName("sq", network.name(), topology.name(), "beyond", network.name());
    String alias = "sluice " + topology.name() + "/" + network.name() + " parent";
    return List.of(
        new VethPair(
            end(desired, network, parent, "parent"),
            Optional.empty(),
            false,
            alias,
            NetnsRef.NODE,
            end(desired, network, beyond, "beyond")),
        LinkSettings.withoutIpv6(NetnsRef.NODE, parent),
        LinkSettings.withoutIpv6(NetnsRef.NODE, beyond),
        BpfLink.of(object, "from_slaves", parent, egress(desired)),
        BpfLink.of(object, "to_slaves", parent, ingress(desired)));
  }

  private static VethPair.End end(
      DesiredState desired, Network network, String name, String which) {
    MacAddress mac =
        MacAddress.derive(
            desired.node().machineId(), desired.topology().name(), which, network.name());
    return new VethPair.End(name, mac, network.mtu(), true);
  }

  @Override
  protected List<KernelObject> port(
      DesiredState desired, BpfObject object, Endpoint endpoint, Interface iface) {
    Topology topology = desired.topology();
    List<KernelObject> out = new ArrayList<>();
    out.add(
        new Macvlan(
            NetnsRef.named(endpoint.netns()),
            iface.name(),
            index(endpoint, iface),
            parent(topology, iface.network()),
            true,
            desired.mac(endpoint, iface),
            topology.network(iface.network()).mtu(),
            true));
    out.addAll(PortRender.neighbours(desired, endpoint, iface));
    return out;
  }
}
