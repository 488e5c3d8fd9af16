package dev.sluice.core.datapath;

import dev.sluice.core.kernel.KernelObject;
import dev.sluice.core.kernel.NetnsRef;
import dev.sluice.core.kernel.Sysctl;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the ends of a network do with IPv6 ({@code Documentation/networking/ip-sysctl.rst}). Where
 * no IPv6 subnet is declared there is none, not even link-local: else each interface would greet
 * all others with multicast, which a bridge floods, and a thousand of them would do so a million
 * times.
 */
public final class Ipv6Settings {

  private Ipv6Settings() {}

  /** Of {@code link}, which is in {@code network}. */
  public static List<KernelObject> of(NetnsRef netns, String link, Network network) {
    boolean declared = network.subnets().stream().anyMatch(s -> s.cidr().address().isV6());
    List<KernelObject> out = new ArrayList<>();
    out.add(sysctl(netns, link, "disable_ipv6", declared ? "0" : "1"));
    if (declared) {
      // The link-local address is made of a MAC that is this interface's alone. Until detection has
      // ended (1 to 2 s) the
      // kernel cannot solicit a neighbour for a packet whose source is on another interface: a
      // multi-homed endpoint would
      // not answer.
      out.add(sysctl(netns, link, "accept_dad", "0"));
      // Routes are declared: no neighbour's router advertisement adds to them.
      out.add(sysctl(netns, link, "accept_ra", "0"));
      out.add(sysctl(netns, link, "accept_redirects", "0"));
    }
    return out;
  }

  private static Sysctl sysctl(NetnsRef netns, String link, String name, String value) {
    return new Sysctl(netns, "net/ipv6/conf/" + link + "/" + name, Optional.of(link), value);
  }
}
