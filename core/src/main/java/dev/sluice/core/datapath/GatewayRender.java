package dev.sluice.core.datapath;

import dev.sluice.core.address.Cidr;
import dev.sluice.core.address.IpAddress;
import dev.sluice.core.address.MacAddress;
import dev.sluice.core.kernel.Address;
import dev.sluice.core.kernel.Bridge;
import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Rule;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Network;
import dev.sluice.core.topology.Topology.Subnet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The node's part in a network: a bridge device that holds the gateway addresses, and routes in two
 * tables. Whether endpoints are ports of that bridge is the datapath's to say; without ports it is
 * where packets go that are for the node, and where those come from that it sends or forwards. The
 * table of the topology is for what comes in by its bridges; it ends in {@code unreachable}, so
 * that whatever else the node could reach (its interfaces, another topology) is no path for an
 * endpoint, but for what has been found to go by the network's uplink ({@link Uplinks}). The other
 * is for the node's own packets. The main table has no route to the endpoints, so that a node which
 * forwards for others does not forward to them.
 */
public final class GatewayRender {

  /** What a rule calls the interface that the node's own packets come from (ip-rule(8)). */
  private static final String LOCALLY_MADE = "lo";

  private static final int LINK_LOCAL_PREFIX = 64;

  private GatewayRender() {}

  /** What a kernel makes of forwarding that the device asks for. */
  public static List<String> notes(KernelFeatures features) {
    return features.has(KernelFeature.IPV6_FORCE_FORWARDING)
        ? List.of()
        : List.of(
            "IPv6 is forwarded by the node-wide net.ipv6.conf.all.forwarding, leased while a"
                + " topology with IPv6 runs: the node then forwards between all its interfaces,"
                + " stops accepting router advertisements where accept_ra is not 2, and loses the"
                + " routes it has from them; a forwarding of single interfaces set before is not"
                + " put back");
  }

  /** The name of the device. */
  public static String link(Topology topology, String network) {
    return Derived.linkName("sb", network, topology.name(), "network", network);
  }

  /** The MAC of the device, which is the gateway's. */
  public static MacAddress mac(DesiredState desired, String network) {
    return MacAddress.derive(
        desired.node().machineId(), desired.topology().name(), "bridge", network);
  }

  /**
   * The device, its addresses and routes.
   *
   * @param netfilter whether what is bridged has to pass netfilter
   */
  public static List<KernelObject> render(
      DesiredState desired, Network network, boolean netfilter) {
    NetnsRef node = NetnsRef.NODE;
    Topology topology = desired.topology();
    int table = Derived.table(topology.name());
    String bridge = link(topology, network.name());
    String alias = "sluice " + topology.name() + "/" + network.name();
    List<KernelObject> out = new ArrayList<>();
    MacAddress mac = mac(desired, network.name());
    out.add(new Bridge(bridge, mac, network.mtu(), netfilter, alias, true));
    for (Subnet subnet : network.subnets()) {
      out.add(new Address(node, bridge, subnet.gateway(), subnet.cidr().prefix()));
      for (Cidr cidr : reached(topology, network, subnet)) {
        out.add(Routes.onLink(node, Derived.NODE_TABLE, cidr, bridge, subnet.gateway()));
        out.add(Routes.onLink(node, table, cidr, bridge, subnet.gateway()));
      }
    }
    for (boolean v4 : new boolean[] {true, false}) {
      out.add(rule(v4, LOCALLY_MADE, Optional.empty(), Derived.NODE_TABLE));
      out.add(rule(v4, bridge, Uplinks.ownTable(network), table));
      out.add(Routes.unreachable(node, table, v4));
    }
    out.addAll(LinkSettings.ofGateway(desired.node().features(), bridge, network));
    return out;
  }

  /**
   * As {@link #render}, of a device without ports where BPF programs do what a bridge would: by its
   * link-local address they find out what is the node's own (bpf_fib_lookup).
   */
  public static List<KernelObject> alone(DesiredState desired, Network network) {
    List<KernelObject> out = new ArrayList<>(render(desired, network, false));
    String link = link(desired.topology(), network.name());
    if (network.hasIpv6()) {
      out.add(LinkSettings.forwardingIpv6(NetnsRef.NODE, link));
      // Without a port the device has no carrier, and the kernel gives it no address of its own.
      out.add(
          new Address(
              NetnsRef.NODE,
              link,
              IpAddress.linkLocal(mac(desired, network.name())),
              LINK_LOCAL_PREFIX));
    }
    return out;
  }

  /** What the node reaches by the device: the rest of a subnet may be on the wire. */
  private static List<Cidr> reached(Topology topology, Network network, Subnet subnet) {
    if (network.parent().isEmpty()) {
      return List.of(subnet.cidr());
    }
    return topology.addressesIn(network).stream()
        .filter(subnet.cidr()::contains)
        .map(ip -> new Cidr(ip, ip.bits()))
        .toList();
  }

  private static Rule rule(boolean v4, String link, Optional<Rule.Marked> marked, int table) {
    return new Rule(NetnsRef.NODE, v4, Derived.RULE_PRIORITY, link, marked, table);
  }
}
