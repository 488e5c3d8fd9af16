package dev.sluice.core.datapath;

import static dev.sluice.core.datapath.NatTable.family;
import static dev.sluice.core.datapath.NatTable.ip;
import static dev.sluice.core.datapath.NatTable.quoted;
import static dev.sluice.core.datapath.NatTable.type;

import dev.sluice.core.address.IpAddress;
import dev.sluice.core.kernel.NftTable.NftChain;
import dev.sluice.core.kernel.NftTable.NftSet;
import dev.sluice.core.policy.DropReason;
import dev.sluice.core.topology.Topology;
import dev.sluice.core.topology.Topology.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Published ports. What goes to one at an address of the node gets to the endpoint, if it comes
 * from an endpoint, from the node itself, or by the uplink of the network that the endpoint is in.
 * The sender's address stays, but for an endpoint that reaches itself: it would take its own packet
 * for forged, so the gateway speaks for it.
 *
 * <p>Only a connection's first packet is looked up, by one map for each network and family.
 * Loopback and link-local addresses of the node lead nowhere else: what is sent to the one has a
 * source that no answer could reach, and the other's is not forwarded.
 */
final class PublishChains {

  private static final String ALL = "publish/all";
  private static final String TRANSLATE = "priority -100; policy accept";

  private final Topology topology;
  private final Function<Network, String> link;
  private final List<PublishedPort> published;

  /** The networks that published ports lead into. */
  private final List<Network> networks;

  PublishChains(Topology topology, Function<Network, String> link) {
    this.topology = topology;
    this.link = link;
    this.published = PublishedPort.of(topology);
    this.networks = published.stream().map(PublishedPort::network).distinct().toList();
  }

  boolean isEmpty() {
    return published.isEmpty();
  }

  List<NftSet> sets() {
    List<NftSet> out = new ArrayList<>();
    for (boolean v4 : new boolean[] {true, false}) {
      for (Network network : networks) {
        Map<String, String> ports = ports(network, v4);
        if (!ports.isEmpty()) {
          out.add(
              NftSet.map(
                  map(network, v4),
                  "type inet_proto . inet_service : " + type(v4) + " . inet_service;",
                  ports));
        }
      }
      Map<String, String> hairpins = hairpins(v4);
      if (!hairpins.isEmpty()) {
        String pair = type(v4) + " . " + type(v4);
        out.add(NftSet.map(hairpin(v4), "type " + pair + " : " + type(v4) + ";", hairpins));
      }
    }
    return out;
  }

  List<NftChain> chains() {
    if (isEmpty()) {
      return List.of();
    }
    List<NftChain> out = new ArrayList<>();
    out.add(
        new NftChain(
            "publish/arriving", Optional.of("type nat hook prerouting " + TRANSLATE), arriving()));
    out.add(
        new NftChain(
            "publish/local",
            Optional.of("type nat hook output " + TRANSLATE),
            List.of(
                "fib daddr type != local accept",
                "ip daddr 127.0.0.0/8 accept",
                "ip6 daddr { ::1, fe80::/10 } accept",
                "goto " + ALL)));
    out.add(
        new NftChain(
            ALL, Optional.empty(), networks.stream().map(n -> "jump " + into(n)).toList()));
    networks.forEach(n -> out.add(new NftChain(into(n), Optional.empty(), translation(n))));
    return out;
  }

  private List<String> arriving() {
    List<String> rules = new ArrayList<>();
    rules.add("fib daddr type != local accept");
    rules.add("ip6 daddr fe80::/10 accept");
    rules.add(
        "iifname %s goto %s"
            .formatted(NatTable.oneOf(NatTable.links(topology.networks(), link)), ALL));
    for (Network network : networks) {
      network
          .uplink()
          .ifPresent(u -> rules.add("iifname %s jump %s".formatted(quoted(u), into(network))));
    }
    return rules;
  }

  private List<String> translation(Network network) {
    List<String> rules = new ArrayList<>();
    for (boolean v4 : new boolean[] {true, false}) {
      if (!ports(network, v4).isEmpty()) {
        rules.add(
            "meta nfproto %s meta l4proto { 6, 17, 132 } dnat %s to meta l4proto . th dport map @%s"
                .formatted(v4 ? "ipv4" : "ipv6", ip(v4), map(network, v4)));
      }
    }
    return rules;
  }

  /**
   * An endpoint's packet to the number of a published port is judged when it has been translated:
   * so what the node takes for its own without translating it, broadcasts and the anycast address
   * of a network's routers (RFC 4291, 2.6.1), goes nowhere.
   */
  List<String> toNobody() {
    if (isEmpty()) {
      return List.of();
    }
    Set<String> ports = new TreeSet<>();
    for (Network network : networks) {
      ports.addAll(ports(network, true).keySet());
      ports.addAll(ports(network, false).keySet());
    }
    return List.of(
        "iifname %s meta l4proto . th dport { %s } fib daddr type { broadcast, anycast } %s"
            .formatted(
                NatTable.oneOf(NatTable.links(topology.networks(), link)),
                String.join(", ", ports),
                NatTable.drop(DropReason.MULTICAST)));
  }

  /** What the postrouting hook has to do. */
  List<String> sourceRules() {
    List<String> rules = new ArrayList<>();
    for (boolean v4 : new boolean[] {true, false}) {
      if (!hairpins(v4).isEmpty()) {
        String ip = ip(v4);
        rules.add("snat %s to %s saddr . %s daddr map @%s".formatted(ip, ip, ip, hairpin(v4)));
      }
    }
    return rules;
  }

  /** {@code tcp . 8080} to {@code 10.0.1.2 . 80}. */
  private Map<String, String> ports(Network network, boolean v4) {
    return published.stream()
        .filter(p -> p.network().equals(network) && p.address().isV4() == v4)
        .collect(
            Collectors.toMap(
                p -> p.port().protocol().number() + " . " + p.port().publish().orElseThrow(),
                p -> p.address() + " . " + p.port().port(),
                (a, b) -> a,
                TreeMap::new));
  }

  /** From an address of an endpoint to its published one: the gateway's. */
  private Map<String, String> hairpins(boolean v4) {
    Map<String, String> out = new TreeMap<>();
    for (PublishedPort port : published) {
      if (port.address().isV4() == v4) {
        for (IpAddress own : port.own()) {
          out.put(own + " . " + port.address(), port.gateway().toString());
        }
      }
    }
    return out;
  }

  private static String into(Network network) {
    return "publish/into/" + network.name();
  }

  private static String map(Network network, boolean v4) {
    return "published/" + network.name() + "/" + family(v4);
  }

  private static String hairpin(boolean v4) {
    return "hairpin/" + family(v4);
  }
}
