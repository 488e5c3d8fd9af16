package dev.sluice.backend.macvlan;

import dev.sluice.bpf.kernel.BpfLink;
import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.render.FilteringDatapath;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.datapath.Derived;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.LinkSettings;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.LinkPair;
import dev.sluice.core.kernel.Macvlan;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.VethPair;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Macvlans in passthru mode, each on a parent of its own, one end of a veth pair of ours. All that
 * they send comes to the parent's egress, where a program decides on it and turns what may pass
 * round, to the receiver's parent.
 *
 * <p>Slaves of one parent hear each other past every program if their modes let them: what is for
 * many in bridge mode, whatever a neighbour sends in source mode; and who takes the MAC of one that
 * is down gets what is for it. So no two endpoints have the same. The mode is one that can neither
 * be left nor shared: nobody can put a macvlan of his own on the parent of another's and speak as
 * that one, which a workload that may act on the node's devices could otherwise.
 */
public final class MacvlanDatapath extends FilteringDatapath {

  public static final String NAME = "macvlan";

  public MacvlanDatapath() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "macvlans in passthru mode, filtered and turned round by BPF programs at their parent";
  }

  @Override
  protected Set<KernelFeature> needed() {
    return EnumSet.of(KernelFeature.MACVLAN);
  }

  @Override
  protected String file(KernelFeatures features) {
    return "parent";
  }

  @Override
  protected String way(Topology topology, Endpoint endpoint, Interface iface) {
    return parent(topology, endpoint, iface);
  }

  private static String parent(Topology topology, Endpoint endpoint, Interface iface) {
    return Derived.linkName(
        "sp", endpoint.name(), topology.name(), "parent", endpoint.name(), iface.name());
  }

  /**
   * One end of a veth pair whose other end leads nowhere: a device that has a carrier, so that its
   * slave has one. A bridge without ports may lose its own.
   */
  private static List<KernelObject> parent(
      DesiredState desired, BpfObject object, Endpoint endpoint, Interface iface) {
    Topology topology = desired.topology();
    String parent = parent(topology, endpoint, iface);
    String beyond =
        Derived.linkName(
            "sq", endpoint.name(), topology.name(), "beyond", endpoint.name(), iface.name());
    String alias =
        "sluice " + topology.name() + "/" + endpoint.name() + "/" + iface.name() + " parent";
    return List.of(
        new VethPair(
            // A slave in passthru mode has its parent's.
            end(desired, iface, parent, desired.mac(endpoint, iface)),
            Optional.empty(),
            false,
            alias,
            NetnsRef.NODE,
            end(
                desired,
                iface,
                beyond,
                MacAddress.derive(
                    desired.node().machineId(),
                    topology.name(),
                    "beyond",
                    endpoint.name(),
                    iface.name()))),
        LinkSettings.withoutIpv6(NetnsRef.NODE, parent),
        LinkSettings.withoutIpv6(NetnsRef.NODE, beyond),
        BpfLink.of(object, "from_slaves", parent, egress(desired)),
        BpfLink.of(object, "to_slaves", parent, ingress(desired)));
  }

  private static LinkPair.End end(
      DesiredState desired, Interface iface, String name, MacAddress mac) {
    return new LinkPair.End(name, mac, desired.topology().network(iface.network()).mtu(), true);
  }

  @Override
  protected List<KernelObject> port(
      DesiredState desired, BpfObject object, Endpoint endpoint, Interface iface) {
    Topology topology = desired.topology();
    List<KernelObject> out = new ArrayList<>(parent(desired, object, endpoint, iface));
    out.add(
        new Macvlan(
            NetnsRef.named(endpoint.netns()),
            iface.name(),
            parent(topology, endpoint, iface),
            true,
            desired.mac(endpoint, iface),
            topology.network(iface.network()).mtu(),
            true));
    out.addAll(PortRender.neighbours(desired, endpoint, iface));
    return out;
  }
}
