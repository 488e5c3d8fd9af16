package dev.sluice.backend.ipvlan;

import dev.sluice.bpf.kernel.BpfObject;
import dev.sluice.bpf.render.FilteringDatapath;
import dev.sluice.core.datapath.DesiredState;
import dev.sluice.core.datapath.PortRender;
import dev.sluice.core.datapath.RefusedTopologyException.Refusal;
import dev.sluice.core.datapath.Support;
import dev.sluice.core.datapath.TellsLacks;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.IpvlanMode;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * ipvlans, each on a parent of its own: the far end of a veth pair, in a namespace that holds
 * nothing else. At the near end, in the node, stand the programs of the eBPF datapath.
 *
 * <p>No two endpoints share a parent, for slaves of one parent reach each other past every program
 * (in L3 modes whatever flags are set), and can send as each other. And no two parents share a
 * namespace: in L3 modes what an endpoint sends is routed there, and the kernel prefers the parent
 * for that, but does not insist on it in IPv6.
 */
public final class IpvlanDatapath extends FilteringDatapath implements TellsLacks {

  public static final String NAME = "ipvlan";

  private static final String WITHOUT_FRAMES =
      "endpoints neither speak ARP nor send to many (broadcast, multicast, DHCP), and neighbours are"
          + " a hop apart";

  private final IpvlanMode mode;

  public IpvlanDatapath() {
    this(IpvlanMode.L2);
  }

  /** {@code mode}: of networks that name none. */
  IpvlanDatapath(IpvlanMode mode) {
    this.mode = mode;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String summary() {
    return "ipvlans, filtered and redirected by BPF programs behind their parents";
  }

  @Override
  public Support support(KernelFeatures features) {
    Support support = super.support(features);
    List<String> notes = new ArrayList<>(support.notes());
    notes.add("in modes l3 and l3s " + WITHOUT_FRAMES + ", nor has a network a parent");
    return new Support(support.lacks(), notes);
  }

  @Override
  public List<String> lacks(Topology topology) {
    List<String> out = new ArrayList<>();
    for (int i = 0; i < topology.networks().size(); i++) {
      IpvlanMode chosen = mode(topology.networks().get(i));
      if (chosen != IpvlanMode.L2) {
        out.add(
            "spec.networks[%d].ipvlan.mode: in mode %s %s"
                .formatted(i, word(chosen), WITHOUT_FRAMES));
      }
    }
    return out;
  }

  private static String word(IpvlanMode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  @Override
  protected Set<KernelFeature> needed() {
    return EnumSet.of(KernelFeature.IPVLAN, KernelFeature.BPF_REDIRECT_PEER);
  }

  @Override
  protected String file(KernelFeatures features) {
    return "endpoint";
  }

  /** In L3 modes the parent would have to find the wire's hosts, and has no address to ask from. */
  @Override
  protected List<Refusal> limits(Topology topology) {
    List<Refusal> out = new ArrayList<>();
    for (int i = 0; i < topology.networks().size(); i++) {
      Network network = topology.networks().get(i);
      if (network.parent().isPresent() && mode(network) != IpvlanMode.L2) {
        out.add(
            new Refusal(
                "spec.networks[" + i + "].parent",
                "in ipvlan mode %s all goes by the node: leave it out, or take mode l2"
                    .formatted(word(mode(network)))));
      }
    }
    return out;
  }

  private IpvlanMode mode(Network network) {
    return network.ipvlan().orElse(mode);
  }

  @Override
  protected List<KernelObject> port(
      DesiredState desired, BpfObject object, Endpoint endpoint, Interface iface) {
    IpvlanMode chosen = mode(desired.topology().network(iface.network()));
    List<KernelObject> out = new ArrayList<>(new Seat(desired, endpoint, iface, chosen).render());
    out.addAll(nearEnd(desired, object, endpoint, iface, ingress(desired), egress(desired)));
    out.addAll(PortRender.neighbours(desired, endpoint, iface));
    return out;
  }
}
