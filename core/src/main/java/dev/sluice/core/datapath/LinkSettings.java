package dev.sluice.core.datapath;

import dev.sluice.core.kernel.KernelFeature;
import dev.sluice.core.kernel.KernelFeatures;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.topology.Topology.Endpoint;
import dev.sluice.core.topology.Topology.Interface;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The sysctls of a topology's links ({@code Documentation/networking/ip-sysctl.rst}), alike on
 * every datapath. Where no IPv6 subnet is declared there is no IPv6, not even link-local: else each
 * interface would greet all others with multicast, which is flooded, and a thousand of them would
 * do so a million times.
 */
public final class LinkSettings {

  /**
   * The filter by reverse path looks for the way back without the mark that a packet has, unless
   * told otherwise; ways to and from an uplink are by that mark alone.
   */
  private static final String MARKED_WAY_BACK = "src_valid_mark";

  private LinkSettings() {}

  /** Of an endpoint's interface in {@code network}. */
  public static List<Sysctl> ofEndpoint(Endpoint endpoint, Interface iface, Network network) {
    NetnsRef netns = NetnsRef.named(endpoint.netns());
    List<Sysctl> out = new ArrayList<>(ipv6(netns, iface.name(), network));
    if (endpoint.interfaces().size() > 1) {
      // What comes in by one interface may be answered by another.
      out.add(sysctl(netns, "ipv4", iface.name(), "rp_filter", "2"));
    }
    if (iface.addresses().size() > 1) {
      // Without it the kernel deletes the other addresses of a subnet with the first of them.
      out.add(sysctl(netns, "ipv4", iface.name(), "promote_secondaries", "1"));
    }
    return out;
  }

  /** Of the node's link that holds the gateway addresses of {@code network} and forwards for it. */
  public static List<Sysctl> ofGateway(KernelFeatures features, String link, Network network) {
    NetnsRef node = NetnsRef.NODE;
    List<Sysctl> out = new ArrayList<>();
    out.add(sysctl(node, "ipv4", link, "forwarding", "1"));
    out.add(sysctl(node, "ipv4", link, "accept_redirects", "0"));
    out.add(sysctl(node, "ipv4", link, "send_redirects", "0"));
    // Loose: a multi-homed endpoint answers by one network what it was asked by another.
    // The larger of this and conf.all counts; 1 is strict, 2 loose.
    out.add(sysctl(node, "ipv4", link, "rp_filter", "2"));
    out.add(sysctl(node, "ipv4", link, "promote_secondaries", "1"));
    if (network.uplink().isPresent()) {
      out.add(sysctl(node, "ipv4", link, MARKED_WAY_BACK, "1"));
    }
    out.addAll(ipv6(node, link, network));
    if (features.has(KernelFeature.IPV6_FORCE_FORWARDING)) {
      out.add(sysctl(node, "ipv6", link, "force_forwarding", network.hasIpv6() ? "1" : "0"));
    } else if (network.hasIpv6()) {
      out.add(leased("net/ipv6/conf/all/forwarding"));
    }
    return out;
  }

  /**
   * Of an interface of the node that leads out for {@code networks}. It was there before us, so
   * these are leases.
   */
  static List<Sysctl> ofUplink(KernelFeatures features, String uplink, List<Network> networks) {
    List<Sysctl> out = new ArrayList<>();
    if (networks.stream().anyMatch(Network::hasIpv4)) {
      out.add(leased("net/ipv4/conf/" + uplink + "/forwarding"));
      out.add(leased("net/ipv4/conf/" + uplink + "/" + MARKED_WAY_BACK));
    }
    boolean v6 = networks.stream().anyMatch(Network::hasIpv6);
    if (v6 && features.has(KernelFeature.IPV6_FORCE_FORWARDING)) {
      out.add(leased("net/ipv6/conf/" + uplink + "/force_forwarding"));
    }
    return out;
  }

  /** Of a link of ours that speaks to nobody itself. */
  public static Sysctl withoutIpv6(NetnsRef netns, String link) {
    return sysctl(netns, "ipv6", link, "disable_ipv6", "1");
  }

  /** Of a link of ours for which the kernel is to look up ways as a router. */
  public static Sysctl forwardingIpv6(NetnsRef netns, String link) {
    return sysctl(netns, "ipv6", link, "forwarding", "1");
  }

  /** Of a link that is to have no IPv6 address but those it is given. */
  public static Sysctl withoutLinkLocal(NetnsRef netns, String link) {
    return sysctl(netns, "ipv6", link, "addr_gen_mode", "1");
  }

  /** Of a link that asks for neighbours (ARP) in its own name alone, whatever it has to send. */
  public static Sysctl askingForItself(NetnsRef netns, String link) {
    return sysctl(netns, "ipv4", link, "arp_announce", "2");
  }

  /**
   * Of a device that another one, in a namespace of an endpoint, is on. What does not get to that
   * one gets nowhere.
   *
   * @param ipv6 whether it sends IPv6 packets that are routed in its own namespace
   */
  public static List<Sysctl> ofParent(NetnsRef netns, String link, boolean ipv6) {
    List<Sysctl> out = new ArrayList<>();
    out.add(sysctl(netns, "ipv4", link, "forwarding", "0"));
    if (ipv6) {
      out.add(withoutLinkLocal(netns, link));
      out.add(sysctl(netns, "ipv6", link, "forwarding", "0"));
      out.add(sysctl(netns, "ipv6", link, "accept_ra", "0"));
    } else {
      out.add(withoutIpv6(netns, link));
    }
    return out;
  }

  private static Sysctl leased(String path) {
    return new Sysctl(NetnsRef.NODE, path, Optional.empty(), "1");
  }

  private static List<Sysctl> ipv6(NetnsRef netns, String link, Network network) {
    if (!network.hasIpv6()) {
      return List.of(withoutIpv6(netns, link));
    }
    return List.of(
        sysctl(netns, "ipv6", link, "disable_ipv6", "0"),
        // The link-local address is of a MAC that is this link's alone. Until detection has ended
        // (1 to 2 s) the kernel solicits no neighbour for a packet whose source is on another link:
        // a multi-homed endpoint would be mute.
        sysctl(netns, "ipv6", link, "accept_dad", "0"),
        // Routes are declared: nobody's advertisement or redirect adds to them.
        sysctl(netns, "ipv6", link, "accept_ra", "0"),
        sysctl(netns, "ipv6", link, "accept_redirects", "0"));
  }

  private static Sysctl sysctl(
      NetnsRef netns, String family, String link, String name, String value) {
    String path = "net/" + family + "/conf/" + link + "/" + name;
    return new Sysctl(netns, path, Optional.of(link), value);
  }
}
